package ai.transonnx.djl;

import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDList;
import ai.djl.nn.SymbolBlock;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.translate.TranslateException;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorShapeProto.Dimension;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.Outputs;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.TokenChooser;
import ai.transonnx.verification.CaseModel;
import ai.transonnx.verification.RecordedCall;
import ai.transonnx.verification.SequenceCalls;
import ai.transonnx.verification.SequenceSlices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A model that DJL loads with criteria and runs with predictors.
 *
 * @param lengths the second dimension of each input; DJL does not report dimension names
 */
record DjlCaseModel(
    ZooModel<NDList, NDList> model,
    Predictor<NDList, NDList> predictor,
    ModelMetadata metadata,
    Map<String, Dimension> lengths)
    implements CaseModel {
  static DjlCaseModel load(Path file) {
    try {
      var model =
          DjlModels.criteria(file, NDList.class, NDList.class)
              .optOption("intraOpNumThreads", "1")
              .build()
              .loadModel();
      var block = (SymbolBlock) model.getBlock();
      return new DjlCaseModel(
          model,
          model.newPredictor(),
          ModelMetadata.of(file, block.getCustomMetadata()),
          lengths(file));
    } catch (Exception e) {
      throw new IllegalStateException(file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, Dimension> lengths(Path file) throws IOException {
    var lengths = new HashMap<String, Dimension>();
    for (var input : ModelProto.parseFrom(Files.readAllBytes(file)).getGraph().getInputList()) {
      var shape = input.getType().getTensorType().getShape();
      if (shape.getDimCount() > 1) {
        lengths.put(input.getName(), shape.getDim(1));
      }
    }
    return lengths;
  }

  @Override
  public List<String> inputs() {
    return model.describeInput().keys();
  }

  @Override
  public boolean hasSameLength(String input, String other) {
    return Objects.equals(lengths.get(input), lengths.get(other));
  }

  @Override
  public Outputs run(Map<String, Tensor> inputs) {
    try (var manager = model.getNDManager().newSubManager()) {
      var arrays = new NDList();
      inputs.forEach((name, tensor) -> arrays.add(NdTensors.toArray(manager, name, tensor)));
      var outputs = new HashMap<String, Tensor>();
      predictor
          .predict(arrays)
          .forEach(array -> outputs.put(array.getName(), NdTensors.toTensor(array)));
      return Outputs.of(outputs);
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public long[][] continueGreedily(long[][] prompts, Map<String, Tensor> others, int length) {
    if (!others.isEmpty()) {
      return recompute(prompts, others, length);
    }
    Map<String, Object> arguments = Map.of("length", length, "greedy", true);
    try {
      var translator =
          new TransonnxTranslatorFactory()
              .newInstance(long[][].class, long[][].class, model, arguments);
      try (var continuing = model.newPredictor(translator)) {
        return continuing.predict(prompts);
      }
    } catch (TranslateException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A translator's prompt cannot provide a context, so each step feeds the whole sequence. */
  private long[][] recompute(long[][] prompts, Map<String, Tensor> others, int length) {
    int seen = metadata.maxLength().orElse(Integer.MAX_VALUE);
    var sequences = Arrays.stream(prompts).map(long[]::clone).toArray(long[][]::new);
    @Nullable TokenChooser chooser = null;
    for (int step = 0; step < length; step++) {
      int n = Math.min(seen, sequences[0].length);
      var inputs = new HashMap<>(others);
      inputs.put(SequenceCalls.mainInput(this), last(sequences, n));
      var logits = new RecordedCall(this).run(inputs).get("logits");
      int positions = (int) logits.shape()[1];
      float[] newest = SequenceSlices.cut(logits, positions - 1, 1).floats(); // [b, 1, V]
      int vocabulary = newest.length / sequences.length;
      if (chooser == null) {
        chooser = new Greedy().chooser(vocabulary, sequences.length, TopKCountRounding.CEIL);
      }
      for (int row = 0; row < sequences.length; row++) {
        var own = Arrays.copyOfRange(newest, row * vocabulary, (row + 1) * vocabulary);
        var longer = Arrays.copyOf(sequences[row], sequences[row].length + 1);
        longer[longer.length - 1] = chooser.choose(row, own);
        sequences[row] = longer;
      }
    }
    return Arrays.stream(sequences)
        .map(all -> Arrays.copyOfRange(all, all.length - length, all.length))
        .toArray(long[][]::new);
  }

  private static Tensor last(long[][] sequences, int n) {
    var tokens =
        Arrays.stream(sequences)
            .flatMapToLong(all -> Arrays.stream(all, all.length - n, all.length))
            .toArray();
    return Tensor.ofLongs(tokens, sequences.length, n);
  }

  @Override
  public void close() {
    predictor.close();
    model.close();
  }
}
