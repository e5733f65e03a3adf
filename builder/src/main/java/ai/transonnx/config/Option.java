package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A constructor's keyword argument, on a component of a configuration record. The key in JSON is
 * the component's name in snake case: {@code ffMult} is {@code ff_mult}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Option {
  /** What it does, in a phrase. */
  String value();

  /** The key in JSON, where it is not the component's name; {@code class}, for one. */
  String key() default "";

  /**
   * The library's default, as JSON; empty if the option must be given. An option whose default is
   * {@code null} may be null.
   */
  String defaultValue() default "";

  /** Other keys that mean the same. */
  String[] aliases() default {};

  /** Whether it only acts in training: it is accepted, and the graph is the same whatever it is. */
  boolean trainingOnly() default false;
}
