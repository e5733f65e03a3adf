package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a configuration record as a keyword argument of the Python constructor. The
 * JSON key is the component's name in snake case: {@code ffMult} becomes {@code ff_mult}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** The effect of the option, as a phrase without a final period. */
  String value();

  /** The JSON key, if it differs from the component's name, such as {@code class}. */
  String key() default "";

  /**
   * The library's default, as JSON; empty if the option is required. An option may be null if and
   * only if its default is {@code null}.
   */
  String defaultValue() default "";

  /** Other JSON keys for the same option. */
  String[] aliases() default {};

  /** Whether the option only affects training. It is accepted and does not change the graph. */
  boolean trainingOnly() default false;

  /** The JSON key in releases before {@link #renamed}. */
  String former() default "";

  /** The release in which the key changed from {@link #former}; empty if it never did. */
  String renamed() default "";

  /** The first release of the library that has the option; empty if all have it. */
  String since() default "";

  /** The last release of the library that has the option; empty if the newest has it. */
  String until() default "";
}
