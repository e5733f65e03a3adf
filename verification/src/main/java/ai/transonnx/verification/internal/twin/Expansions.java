package ai.transonnx.verification.internal.twin;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The operators that are written as expressions of others. */
final class Expansions {
  private static final Map<String, Expansion> OPERATORS = new HashMap<>();
  private static final Map<String, Expansion> COMPOSITES = new HashMap<>();

  static {
    operator("Relu", PointwiseExpansions::relu);
    operator("LeakyRelu", PointwiseExpansions::leakyRelu);
    operator("PRelu", PointwiseExpansions::prelu);
    operator("Elu", PointwiseExpansions::elu);
    operator("Celu", PointwiseExpansions::celu);
    operator("Selu", PointwiseExpansions::selu);
    operator("Softplus", PointwiseExpansions::softplus);
    operator("Softsign", PointwiseExpansions::softsign);
    operator("ThresholdedRelu", PointwiseExpansions::thresholdedRelu);
    operator("HardSigmoid", PointwiseExpansions::hardSigmoid);
    operator("Sinh", PointwiseExpansions::sinh);
    operator("Cosh", PointwiseExpansions::cosh);
    operator("Tan", PointwiseExpansions::tan);
    operator("Atan", PointwiseExpansions::atan);
    operator("Mean", PointwiseExpansions::mean);
    operator("Erf", ErrorFunction::write);
    operator("OneHot", PointwiseExpansions::oneHot);
    operator("NonZero", PointwiseExpansions::nonZero);
    operator("Conv", ConvolutionExpansion::write);
    operator("DequantizeLinear", QuantizationExpansions::dequantize);
    operator("com.microsoft.DequantizeLinear", QuantizationExpansions::dequantize);
    operator("com.microsoft.GatherBlockQuantized", QuantizationExpansions::gatherBlockQuantized);

    composite("Gelu", PointwiseExpansions::gelu);
    composite("HardSwish", PointwiseExpansions::hardSwish);
    composite("Swish", PointwiseExpansions::swish);
    composite("Mish", PointwiseExpansions::mish);
    composite("com.microsoft.Gelu", PointwiseExpansions::gelu);
    composite("com.microsoft.BiasGelu", PointwiseExpansions::biasGelu);
    composite("com.microsoft.FastGelu", PointwiseExpansions::fastGelu);
    composite("com.microsoft.QuickGelu", PointwiseExpansions::quickGelu);
    composite("com.microsoft.MatMulNBits", QuantizationExpansions::matMulNBits);
    composite("RotaryEmbedding", RotaryExpansion::onnx);
    composite("com.microsoft.RotaryEmbedding", RotaryExpansion::onnxRuntime);
    COMPOSITES.put("Attention", AttentionExpansion::write);
    COMPOSITES.put("com.microsoft.GroupQueryAttention", RuntimeAttentionExpansion::groupQuery);
    COMPOSITES.put("com.microsoft.MultiHeadAttention", RuntimeAttentionExpansion::multiHead);
    COMPOSITES.put("LayerNormalization", NormalizationExpansions::layer);
    COMPOSITES.put("RMSNormalization", NormalizationExpansions::rms);
    COMPOSITES.put("SimplifiedLayerNormalization", NormalizationExpansions::rms);
    COMPOSITES.put("InstanceNormalization", NormalizationExpansions::instance);
    COMPOSITES.put("GroupNormalization", NormalizationExpansions::group);
    COMPOSITES.put("MeanVarianceNormalization", NormalizationExpansions::meanVariance);
    COMPOSITES.put("com.microsoft.SkipLayerNormalization", NormalizationExpansions::skipLayer);
    COMPOSITES.put(
        "com.microsoft.SkipSimplifiedLayerNormalization", NormalizationExpansions::skipRms);
  }

  private Expansions() {}

  private static void operator(String name, Expansion.Single expansion) {
    OPERATORS.put(name, expansion.asExpansion());
  }

  private static void composite(String name, Expansion.Single expansion) {
    COMPOSITES.put(name, expansion.asExpansion());
  }

  /** The expansion of an operator that a runtime rounds once. */
  static Optional<Expansion> ofOperator(String operator) {
    return Optional.ofNullable(OPERATORS.get(operator));
  }

  /** The expansion of an operator of whose steps each is rounded. */
  static Optional<Expansion> ofComposite(String operator) {
    return Optional.ofNullable(COMPOSITES.get(operator));
  }
}
