package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TokenVocabulary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Computes a vector for each sequence of tokens, with a model that has the input {@code tokens} and
 * the output {@code embeddings}, or {@code pooled}; or, the encoder of an encoder-decoder, {@code
 * src} and {@code encodings}. Immutable; threads may share it.
 *
 * <pre>{@code
 * var embedder = Embedder.of(model, Pooling.MEAN);
 * float[] vector = embedder.embed(72, 105);
 *
 * long[][] texts = {{72, 105, 33}, {72, 105}};
 * float[][] vectors = embedder.normalized().embed(texts, new Cancellation()); // of length 1
 * embedder.embed(); // RequestException: sequence 0 has 0 tokens
 * }</pre>
 *
 * <p>Sequences of different lengths share a call if the model has an input {@code mask} and padding
 * does not change its embeddings, which is measured once with a few short sequences; otherwise,
 * sequences of equal length do. A call has at most 4,096 positions, hardly any of them padding;
 * only a single sequence may be longer. Each vector is the same as if the sequence were alone in
 * its call, except for rounding.
 */
public final class Embedder {
  private static final int MAX_ROWS = 1 << 12;

  private final EmbeddingModel model;
  private final Pooling pooling;
  private final boolean pads;
  private final boolean normalizes;

  private Embedder(EmbeddingModel model, Pooling pooling, boolean pads, boolean normalizes) {
    this.model = model;
    this.pooling = pooling;
    this.pads = pads;
    this.normalizes = normalizes;
  }

  private static Embedder of(EmbeddingModel model, Pooling pooling) {
    boolean pads =
        model.mask().isPresent()
            && (model.hasFixedLength() || PaddingProbe.isNeutral(model, pooling));
    return new Embedder(model, pooling, pads, false);
  }

  /**
   * An embedder that uses {@code model}, which must stay open. The vector of a sequence is the one
   * that the model computes for it, or else the mean of those of its positions.
   *
   * @throws ModelException if it has inputs that a text has no values for, or no embeddings
   * @throws ai.transonnx.runtime.InferenceException if short sequences cannot be computed
   */
  public static Embedder of(OnnxModel model) {
    return of(EmbeddingModel.of(model), Pooling.MEAN);
  }

  /**
   * An embedder that pools the embeddings of positions.
   *
   * @throws ModelException if {@link #of(OnnxModel)} throws one
   * @throws RequestException if the model itself computes one vector for each sequence
   */
  public static Embedder of(OnnxModel model, Pooling pooling) {
    var checked = EmbeddingModel.of(model);
    if (checked.pools()) {
      throw new RequestException(
          "the model pools by itself, to %s: pooling cannot be selected"
              .formatted(checked.output()));
    }
    return of(checked, pooling);
  }

  /** This embedder with vectors of length 1, so that their dot product is their cosine. */
  public Embedder normalized() {
    return new Embedder(model, pooling, pads, true);
  }

  String file() {
    return model.model().file().toString();
  }

  /** The number of elements of a vector. */
  public int dimension() {
    return model.dimension();
  }

  /** The maximum number of tokens of a sequence. */
  public int maxLength() {
    return model.longest();
  }

  /** The tokens that are possible. */
  public TokenVocabulary vocabulary() {
    return model.vocabulary();
  }

  /** The vector of one sequence. */
  public float[] embed(long... tokens) {
    return embed(new long[][] {tokens}, new Cancellation())[0];
  }

  /**
   * The vector of each sequence.
   *
   * @throws RequestException if a sequence is empty or longer than {@link #maxLength}; a {@link
   *     ai.transonnx.runtime.TokenException} if a token is not in the vocabulary
   * @throws RunException if an element of a vector is not a finite number
   * @throws ai.transonnx.runtime.InferenceException as {@link OnnxModel#run(java.util.Map, Set,
   *     Cancellation)}
   */
  public float[][] embed(long[][] sequences, Cancellation cancellation) {
    check(sequences);
    var order =
        IntStream.range(0, sequences.length)
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequences[i].length))
            .toList();
    var vectors = new float[sequences.length][];
    int from = 0;
    while (from < order.size()) {
      int to = from;
      var shape = newCall(MAX_ROWS);
      while (to < order.size() && shape.add(sequences[order.get(to)].length)) {
        to++;
      }
      var rows = order.subList(from, to);
      var computed = call(rows.stream().map(i -> sequences[i]).toList(), cancellation);
      for (int i = 0; i < computed.length; i++) {
        vectors[rows.get(i)] = computed[i];
      }
      from = to;
    }
    return vectors;
  }

  /** An empty call of at most {@code maxRows} rows. */
  CallShape newCall(int maxRows) {
    return new CallShape(model.maxRows(maxRows), pads);
  }

  /** Computes the vectors of rows that share a call. */
  float[][] call(List<long[]> rows, Cancellation cancellation) {
    var vectors = Arrays.copyOf(model.run(rows, pooling, cancellation), rows.size());
    for (var vector : vectors) {
      double squares = 0;
      for (float x : vector) {
        squares += (double) x * x;
      }
      if (!Double.isFinite(squares)) {
        throw new RunException(file() + ": an element of an embedding is not a finite number");
      }
      if (normalizes && squares > 0) {
        double norm = Math.sqrt(squares);
        for (int i = 0; i < vector.length; i++) {
          vector[i] = (float) (vector[i] / norm);
        }
      }
    }
    return vectors;
  }

  /** Checks sequences as {@link #embed(long[][], Cancellation)} does. */
  void check(long[][] sequences) {
    for (int i = 0; i < sequences.length; i++) {
      int length = sequences[i].length;
      if (length < model.shortest() || length > model.longest()) {
        throw new RequestException(
            "sequence %s has %s tokens; %s to %s are possible"
                .formatted(i, length, model.shortest(), model.longest()));
      }
      String ofSequence = " of sequence " + i;
      model.vocabulary().check(position -> "position " + position + ofSequence, sequences[i]);
    }
  }
}
