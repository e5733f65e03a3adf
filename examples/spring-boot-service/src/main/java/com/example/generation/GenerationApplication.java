package com.example.generation;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/** A service that continues texts with one model. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class GenerationApplication {
  public static void main(String[] arguments) {
    SpringApplication.run(GenerationApplication.class, arguments);
  }
}
