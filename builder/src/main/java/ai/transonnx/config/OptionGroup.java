package ai.transonnx.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a component of a configuration record as a group of options, which the component's own
 * record type declares. In JSON the group is flattened and its keys are prefixed: the component
 * {@code glu} of a group with the prefix {@code ff_} has the key {@code ff_glu}.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface OptionGroup {
  /** The prefix of the group's JSON keys. */
  String prefix() default "";

  /** Keys, without the prefix, that are rejected because the class itself sets their values. */
  String[] fixedByClass() default {};

  /**
   * The prefix of another group of the same type, whose values options of this group have if they
   * are not set; empty if they have their own defaults. The other group is declared first.
   */
  String otherwise() default "";

  /** The first release of the library that has the group; empty if all have it. */
  String since() default "";

  /** The last release of the library that has the group; empty if the newest has it. */
  String until() default "";
}
