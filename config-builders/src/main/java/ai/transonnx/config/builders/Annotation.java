package ai.transonnx.config.builders;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.util.Elements;

/**
 * The values of an annotation.
 *
 * @param values the values by element, including defaults
 */
record Annotation(Map<String, String> values) {
  /** The annotation with this class name, if the element has it. */
  static Optional<Annotation> of(Element element, String name, Elements elements) {
    return element.getAnnotationMirrors().stream()
        .filter(mirror -> mirror.getAnnotationType().toString().equals(name))
        .findAny()
        .map(mirror -> of(mirror, elements));
  }

  private static Annotation of(AnnotationMirror mirror, Elements elements) {
    return new Annotation(
        elements.getElementValuesWithDefaults(mirror).entrySet().stream()
            .collect(
                Collectors.toMap(
                    value -> value.getKey().getSimpleName().toString(),
                    value -> value.getValue().getValue().toString())));
  }

  String text(String element) {
    return values.getOrDefault(element, "");
  }
}
