package ai.transonnx.config.builders;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The source of a builder.
 *
 * @param name the configuration's
 */
record BuilderSource(String packageName, String name, List<OptionMethod> options) {
  String qualifiedName() {
    return packageName + "." + name + "Builder";
  }

  @Override
  public String toString() {
    return """
        package %1$s;

        /** Makes a {@link %2$s}: the library's defaults, and what is set. */
        public final class %2$sBuilder extends ai.transonnx.config.ConfigBuilder<%2$s> {
          %2$sBuilder() {
            super(%2$s.class);
          }
        %3$s}
        """
        .formatted(
            packageName, name, options.stream().map(this::method).collect(Collectors.joining()));
  }

  private String method(OptionMethod option) {
    return """

          /** {@code %s}: %s. */
          public %sBuilder %s(%s value) {
            set("%s", %s);
            return this;
          }
        """
        .formatted(
            option.key(),
            option.sentence(),
            name,
            option.name(),
            option.isList() ? option.type() + "..." : option.type(),
            option.key(),
            option.isList() ? "java.util.List.of(value)" : "value");
  }
}
