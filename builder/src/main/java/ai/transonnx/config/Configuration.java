package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A record of a class's keyword arguments. While it is compiled, a builder is written for it, named
 * {@code XBuilder} for a record {@code X}, with a method for each option.
 */
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Configuration {}
