package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * Rewrites a model for float64: a model with the same weights, inputs and outputs that computes
 * every floating-point value in float64. Its inputs and outputs of any floating-point type are
 * float64, also those of state.
 *
 * <p>Weights stay as they are in the file, and are converted where they are used. Operators without
 * a kernel for float64 in ONNX Runtime's CPU provider are written as expressions of others that
 * have one. Calls of functions are replaced by the functions' nodes ({@link FunctionInliner}). A
 * value {@code v} of the main graph is {@code v} in the twin; initializers keep their type.
 *
 * <p>The twin ignores the roundings of float16 and bfloat16 models. {@link #noisy} has them.
 */
public final class FloatTwin {
  /** The name of the input that {@link #noisy(ModelProto)} adds. */
  public static final String RANDOM = "twin/random";

  /** The first version whose operators the twin can write. */
  private static final int OLDEST_OPSET = 12;

  /** The version that introduced files whose initializers are no inputs, and some more. */
  private static final int IR_VERSION = 8;

  private FloatTwin() {}

  /**
   * The twin of a model.
   *
   * @throws NoTwinException if an operator has no exact form, or if the model is not valid
   */
  public static ModelProto of(ModelProto model) {
    var inlined = FunctionInliner.inline(model);
    var names = ValueNames.of(inlined);
    return write(inlined, new TwinContext(opset(inlined), names, new Constants(names), ""));
  }

  /**
   * The twin of a model whose results are rounded at random, as runtimes round them.
   *
   * @param seed selects the roundings
   * @throws NoTwinException if an operator has no exact form, or if the model is not valid
   */
  public static ModelProto noisy(ModelProto model, int seed) {
    return rounded(model, (names, constants) -> constants.number(random(seed)));
  }

  /**
   * As {@link #noisy(ModelProto, int)}, with a further input {@link #RANDOM} that selects the
   * roundings of each run: a float64 scalar, {@link #random} of a seed.
   *
   * @throws NoTwinException if an operator has no exact form, or if the model is not valid
   */
  public static ModelProto noisy(ModelProto model) {
    var rounded = rounded(model, (names, constants) -> random(names));
    var input = ValueInfoProto.newBuilder().setName(RANDOM);
    var type = input.getTypeBuilder().getTensorTypeBuilder();
    type.setElemType(DataType.DOUBLE_VALUE).getShapeBuilder();
    return rounded.toBuilder().setGraph(rounded.getGraph().toBuilder().addInput(input)).build();
  }

  private static String random(ValueNames names) {
    if (!names.fresh(RANDOM).equals(RANDOM)) {
      throw new NoTwinException("a value of the model is named '%s'".formatted(RANDOM));
    }
    return RANDOM;
  }

  /** The value of the input {@link #RANDOM} for a seed. */
  public static double random(int seed) {
    return new SplittableRandom(seed).nextDouble(1e11, 1e12);
  }

  private static ModelProto rounded(
      ModelProto model, BiFunction<ValueNames, Constants, String> random) {
    var inlined = FunctionInliner.inline(model);
    var names = ValueNames.of(inlined);
    var constants = new Constants(names);
    var number = random.apply(names, constants);
    return write(inlined, new TwinContext(opset(inlined), names, constants, number));
  }

  private static ModelProto write(ModelProto inlined, TwinContext context) {
    var graph = new GraphTwin(context, null).write(inlined.getGraph(), List.of());
    return inlined.toBuilder()
        .setIrVersion(Math.max(IR_VERSION, inlined.getIrVersion()))
        .setGraph(graph.toBuilder().addAllInitializer(context.constants().tensors()))
        .clearMetadataProps()
        .clearTrainingInfo()
        .build();
  }

  private static long opset(ModelProto model) {
    long opset =
        model.getOpsetImportList().stream()
            .filter(set -> set.getDomain().isEmpty() || set.getDomain().equals("ai.onnx"))
            .mapToLong(OperatorSetIdProto::getVersion)
            .max()
            .orElse(1);
    if (opset < OLDEST_OPSET) {
      throw new NoTwinException(
          "opset %s is older than %s, the oldest that can be computed in float64"
              .formatted(opset, OLDEST_OPSET));
    }
    return opset;
  }
}
