package ai.transonnx.internal.guess;

import ai.transonnx.internal.guess.LayerSequence.Context;
import ai.transonnx.xtransformers.Release;
import java.util.Optional;
import java.util.function.BiFunction;

/** The classes of x-transformers and of its port to Paddle. */
final class XTransformersGuess {
  /** The prefix of the names of layers in a wrapper. */
  static final String LAYERS = "attn_layers.";

  private static final String PAIR = "encoder." + LAYERS + "layers.0.";

  private XTransformersGuess() {}

  static Optional<Guess> of(Tensors all, Optional<Release> release) {
    return moduleWith(PAIR, all)
        .filter(tensors -> tensors.hasUnder("decoder."))
        .map(pair -> guess(pair, release, PairGuess::of))
        .or(
            () ->
                moduleWith(LAYERS + "layers.0.", all)
                    .map(wrapper -> guess(wrapper, release, XTransformersGuess::wrapper)))
        .or(() -> alone(all).map(found -> guess(found, release, XTransformersGuess::layers)));
  }

  private static Guess guess(
      Tensors tensors, Optional<Release> release, BiFunction<Tensors, Origin, Options> options) {
    var origin = Origin.of(tensors, release);
    return origin.guess(options.apply(tensors, origin));
  }

  /** The tensors of the module in which names start like this. */
  private static Optional<Tensors> moduleWith(String start, Tensors all) {
    return all.like("(^|\\.)" + start.replace(".", "\\."))
        .map(name -> all.under(name.substring(0, name.indexOf(start))));
  }

  private static Optional<Tensors> alone(Tensors all) {
    return all.like("^layers\\.0\\.1\\..*(to_q|(ff|net)\\.\\d)").map(name -> all);
  }

  private static Options layers(Tensors tensors, Origin origin) {
    var layers = ofAnyClass(tensors, origin);
    boolean mayOmitNorm = origin.profile().wrappers().hasTransformerBlock();
    return layers.flag("pre_norm_has_final_norm", mayOmitNorm && tensors.hasUnder("final_norm."));
  }

  private static Options ofAnyClass(Tensors tensors, Origin origin) {
    return LayersGuess.of(tensors, origin, Context.UNKNOWN)
        .hint("class", Options.REQUIRED)
        .unknown("causal");
  }

  private static Options wrapper(Tensors tensors, Origin origin) {
    var layers = tensors.under(LAYERS);
    if (ImageGuess.fits(tensors)) {
      return ImageGuess.of(tensors, origin, LayersGuess.of(layers, origin, Context.NONE));
    }
    var ofAnyClass = ofAnyClass(layers, origin);
    return TokenGuess.fits(tensors, origin)
        ? new TokenGuess(tensors, origin, ofAnyClass).guess()
        : VectorGuess.of(tensors, origin, ofAnyClass);
  }
}
