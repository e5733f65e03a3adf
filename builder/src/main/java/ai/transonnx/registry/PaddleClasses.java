package ai.transonnx.registry;

import ai.transonnx.xtransformerspaddle.AttentionLayers;
import ai.transonnx.xtransformerspaddle.AttentionLayersConfig;
import ai.transonnx.xtransformerspaddle.ContinuousTransformerWrapper;
import ai.transonnx.xtransformerspaddle.ContinuousTransformerWrapperConfig;
import ai.transonnx.xtransformerspaddle.TransformerWrapper;
import ai.transonnx.xtransformerspaddle.TransformerWrapperConfig;
import ai.transonnx.xtransformerspaddle.ViTransformerWrapper;
import ai.transonnx.xtransformerspaddle.ViTransformerWrapperConfig;
import ai.transonnx.xtransformerspaddle.XTransformer;
import ai.transonnx.xtransformerspaddle.XTransformerConfig;
import java.util.Map;

/** The classes of x-transformers-paddle, whose names are those of x-transformers. */
final class PaddleClasses {
  private static final ArchitectureClass<?> LAYERS =
      new ArchitectureClass<>(AttentionLayersConfig.class, AttentionLayers::new);

  static final Map<String, ArchitectureClass<?>> ALL =
      Map.of(
          "Encoder", LAYERS,
          "Decoder", LAYERS,
          "CrossAttender", LAYERS,
          "TransformerWrapper",
              new ArchitectureClass<>(TransformerWrapperConfig.class, TransformerWrapper::new),
          "ContinuousTransformerWrapper",
              new ArchitectureClass<>(
                  ContinuousTransformerWrapperConfig.class, ContinuousTransformerWrapper::new),
          "ViTransformerWrapper",
              new ArchitectureClass<>(ViTransformerWrapperConfig.class, ViTransformerWrapper::new),
          "XTransformer", new ArchitectureClass<>(XTransformerConfig.class, XTransformer::new));

  private PaddleClasses() {}
}
