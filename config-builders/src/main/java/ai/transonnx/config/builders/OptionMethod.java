package ai.transonnx.config.builders;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.lang.model.element.RecordComponentElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/**
 * The method of a builder that sets an option.
 *
 * @param name the name of the method: the prefixes of groups and the name of the component
 * @param key the key of the option in JSON
 * @param type the type of the value, or of the elements of a list, as Java source
 * @param defaultValue the default as JSON; empty if the option is required
 */
record OptionMethod(
    String name,
    String key,
    String type,
    boolean isList,
    String description,
    String defaultValue,
    boolean trainingOnly) {
  /**
   * The methods for all options of a record, with those of a group at its position.
   *
   * @throws OptionException if a component is neither an option nor a group
   */
  static List<OptionMethod> all(TypeElement type, Elements elements) throws OptionException {
    var methods = new ArrayList<OptionMethod>();
    add(type, "", elements, methods);
    return methods;
  }

  private static void add(
      TypeElement type, String prefix, Elements elements, List<OptionMethod> methods)
      throws OptionException {
    for (var component : type.getRecordComponents()) {
      var group = Annotation.of(component, "ai.transonnx.config.OptionGroup", elements);
      if (group.isPresent()) {
        var options =
            (TypeElement) ((DeclaredType) component.getAccessor().getReturnType()).asElement();
        add(options, prefix + group.get().text("prefix"), elements, methods);
      } else {
        var option = Annotation.of(component, "ai.transonnx.config.Option", elements);
        if (option.isEmpty()) {
          throw new OptionException(
              type, "component '%s' needs @Option or @OptionGroup".formatted(component));
        }
        methods.add(of(component, prefix, option.get()));
      }
    }
  }

  private static OptionMethod of(
      RecordComponentElement component, String prefix, Annotation option) {
    String name = component.getSimpleName().toString();
    String key = option.text("key").isEmpty() ? snakeCase(name) : option.text("key");
    var type = component.getAccessor().getReturnType();
    var present = argument(type, "java.util.Optional").orElse(type);
    var element = argument(present, "java.util.List");
    return new OptionMethod(
        camelCase(prefix + snakeCase(name)),
        prefix + key,
        element.map(OptionMethod::boxed).orElseGet(() -> written(present)),
        element.isPresent(),
        option.text("value"),
        option.text("defaultValue"),
        option.text("trainingOnly").equals("true"));
  }

  /** The description of the option, without a full stop. */
  String sentence() {
    return description
        + (trainingOnly ? "; only acts in training" : "")
        + (defaultValue.isEmpty() ? "" : "; {@code " + defaultValue + "} by default");
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static String camelCase(String key) {
    var name = new StringBuilder();
    for (var word : key.split("_", -1)) {
      name.append(
          name.isEmpty()
              ? word
              : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
    }
    return name.toString();
  }

  /** The type argument of the generic type with this name; empty for other types. */
  private static Optional<TypeMirror> argument(TypeMirror type, String generic) {
    return type instanceof DeclaredType declared && name(declared).equals(generic)
        ? Optional.of(declared.getTypeArguments().get(0))
        : Optional.empty();
  }

  /** The type as Java source, without annotations; a boxed type as its primitive type. */
  private static String written(TypeMirror type) {
    if (!(type instanceof DeclaredType declared)) {
      return type.getKind().name().toLowerCase(Locale.ROOT);
    }
    return switch (name(declared)) {
      case "java.lang.Integer" -> "int";
      case "java.lang.Double" -> "double";
      case "java.lang.Boolean" -> "boolean";
      default -> name(declared) + arguments(declared);
    };
  }

  private static String arguments(DeclaredType type) {
    var names = type.getTypeArguments().stream().map(OptionMethod::boxed).toList();
    return names.isEmpty() ? "" : "<" + String.join(", ", names) + ">";
  }

  private static String boxed(TypeMirror type) {
    return name((DeclaredType) type);
  }

  private static String name(DeclaredType type) {
    return ((TypeElement) type.asElement()).getQualifiedName().toString();
  }
}
