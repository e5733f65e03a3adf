package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Options that have a record of their own, on a component of that record's type. In JSON they stand
 * among the others, behind a prefix: the component {@code glu} of a group with the prefix {@code
 * ff_} is {@code ff_glu}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OptionGroup {
  /** What the group's keys begin with. */
  String prefix() default "";

  /** Keys behind the prefix that cannot be given, since the class decides them. */
  String[] decided() default {};
}
