package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.ModelProto;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The element types of values that a file need not state. */
public final class ElementTypes {
  private ElementTypes() {}

  /**
   * The element type of each tensor in the main graph whose type follows from the operators. Types
   * that {@link ElementType} does not have or that are packed, and sequences, are missing.
   *
   * @throws NoTwinException if the model's functions cannot be inlined
   */
  public static Map<String, ElementType> of(ModelProto model) {
    var graph = FunctionInliner.inline(model).getGraph();
    var types = new LinkedHashMap<String, ElementType>();
    TypeInference.of(graph, List.of(), null)
        .own()
        .forEach(
            (name, type) -> {
              if (!type.isSequence()) {
                ElementType.ofOnnxNumber(type.elements())
                    .filter(elements -> !elements.isPacked())
                    .ifPresent(elements -> types.put(name, elements));
              }
            });
    return types;
  }
}
