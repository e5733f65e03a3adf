package ai.transonnx.verification.internal.structure;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.TensorSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The names of requests with which a class may have an input of a given shape. */
final class InputForms {
  private static final Set<String> MASKS = Set.of("attn_mask", "src_attn_mask");

  private InputForms() {}

  /**
   * The names, with forms such as {@code attn_mask:1ij}; the most likely one first.
   *
   * @param name the name without its form
   */
  static List<String> of(String name, TensorSpec input) {
    if (MASKS.contains(name)) {
      return axes(name, "bhij", input);
    } else if (name.equals("rel_pos_bias")) {
      return shared(name, "bij", input);
    } else if (name.equals("pos")) {
      return shared(name, input.type() == ElementType.INT64 ? "bn" : "bnd", input);
    } else if (name.endsWith("condition") || name.endsWith("_cond")) {
      return List.of("%s:%sd".formatted(name, input.rank()), name);
    }
    return List.of(name);
  }

  /** The last axes of {@code all}. An axis of size 1 may be that of a size that is fixed to 1. */
  private static List<String> axes(String name, String all, TensorSpec input) {
    var axes = all.substring(Math.max(0, all.length() - input.rank()));
    var forms = List.of("");
    for (int i = 0; i < axes.length(); i++) {
      String axis = axes.substring(i, i + 1);
      var letters = isOne(input, i) ? List.of("1", axis) : List.of(axis);
      var longer = new ArrayList<String>();
      for (var letter : letters) {
        forms.forEach(form -> longer.add(form + letter));
      }
      forms = longer;
    }
    return forms.stream().map(form -> name + ":" + form).toList();
  }

  /** All axes of {@code all}, or those after the batch, which sequences share. */
  private static List<String> shared(String name, String all, TensorSpec input) {
    if (input.rank() < all.length()) {
      return List.of(name + ":" + all.substring(1));
    }
    var ownRows = name + ":" + all;
    return isOne(input, 0) ? List.of(name + ":1" + all.substring(1), ownRows) : List.of(ownRows);
  }

  private static boolean isOne(TensorSpec input, int axis) {
    return axis < input.rank() && input.dims().get(axis).equals(Dim.of(1));
  }
}
