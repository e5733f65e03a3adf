package ai.transonnx.config.builders;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The Java source of a builder.
 *
 * @param name the name of the configuration record
 */
record BuilderSource(String packageName, String name, List<OptionMethod> options) {
  String qualifiedName() {
    return packageName + "." + name + "Builder";
  }

  @Override
  public String toString() {
    return """
        package %1$s;

        /** Builds a {@link %2$s}. Options that are not set have the library's defaults. For one thread. */
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
