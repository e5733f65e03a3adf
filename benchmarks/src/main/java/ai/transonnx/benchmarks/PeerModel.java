package ai.transonnx.benchmarks;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.Library;
import ai.transonnx.graph.Target;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The models of the comparison with other exporters, each over 1,024 positions. */
enum PeerModel {
  TOKEN_SHIFT_GPT(
      "`TokenShiftGPT`",
      "token-shift-gpt",
      256,
      "{\"class\": \"TokenShiftGPT\", \"num_tokens\": 256, \"dim\": 512, \"max_seq_len\": 1024,"
          + " \"depth\": 12, \"ff_mult\": 8}",
      "token-shift-gpt-512x12") {
    @Override
    double multiplications() {
      return 12 * (512.0 * 4096 + 2048.0 * 2048 + 2048.0 * 512) + 512 * 256;
    }
  },
  DECODER(
      "`TransformerWrapper` with a `Decoder`",
      "x-transformers",
      20_000,
      "{\"class\": \"TransformerWrapper\", \"num_tokens\": 20000, \"max_seq_len\": 1024,"
          + " \"attn_layers\": {\"class\": \"Decoder\", \"dim\": 512, \"depth\": 12, \"heads\":"
          + " 8}}",
      "x-transformers-decoder-512x12",
      "x-transformers-decoder-512x12-torchscript") {
    @Override
    double multiplications() {
      double attention = 4 * 512.0 * 512 + 2 * 512.0 * LENGTH;
      return 12 * (attention + 2 * 512.0 * 2048) + 512 * 20_000.0;
    }
  },
  FLASH(
      "`FLASHTransformer`",
      "FLASH-pytorch",
      20_000,
      "{\"class\": \"FLASHTransformer\", \"num_tokens\": 20000, \"dim\": 512, \"depth\": 12,"
          + " \"causal\": true, \"group_size\": 256, \"query_key_dim\": 128,"
          + " \"expansion_factor\": 2, \"norm_type\": \"scalenorm\", \"shift_tokens\": true}",
      "flash-transformer-512x12") {
    @Override
    double multiplications() {
      double projections = 512.0 * 2048 + 512.0 * 128 + 1024.0 * 512;
      double quadratic = 256.0 * 128 + 256.0 * 1024;
      double linear = 2 * 128.0 * 1024;
      return 12 * (projections + quadratic + linear) + 512 * 20_000.0;
    }
  },
  BLOCK_RECURRENT(
      "`BlockRecurrentTransformer`",
      "block-recurrent-transformer-pytorch",
      20_000,
      "{\"class\": \"BlockRecurrentTransformer\", \"num_tokens\": 20000, \"dim\": 512, \"depth\":"
          + " 6, \"dim_head\": 64, \"heads\": 8, \"max_seq_len\": 1024, \"block_width\": 512,"
          + " \"num_state_vectors\": 512, \"recurrent_layers\": [4]}",
      "block-recurrent-512x6") {
    /** The second block attends to the first; a block has as many positions as there are states. */
    @Override
    double multiplications() {
      double attention = 2 * 512.0 * 512 + 512.0 * 128 + 2 * 512 * 768.0;
      double feedForward = 512.0 * 2730 + 1365 * 512.0;
      double reading = 2 * 512.0 * 512 + 2 * 512 * 512.0;
      double writing = 2 * 512.0 * 512 + 512.0 * 128 + 4 * 512 * 512.0 + 3 * 512.0 * 512;
      return 6 * (attention + feedForward) + reading + writing + 512 * 20_000.0;
    }
  };

  static final int LENGTH = 1024;

  private final String label;
  private final String library;
  private final int vocabulary;
  private final String config;
  private final List<String> peers;

  PeerModel(String label, String library, int vocabulary, String config, String... peers) {
    this.label = label;
    this.library = library;
    this.vocabulary = vocabulary;
    this.config = config;
    this.peers = List.of(peers);
  }

  /** The class of the model, in Markdown. */
  String label() {
    return label;
  }

  Architecture architecture() {
    return Architectures.of(Library.of(library), config);
  }

  /** The targets of the model: also ONNX Runtime if it has operators for the model. */
  List<Target> targets() {
    return this == DECODER || this == TOKEN_SHIFT_GPT
        ? List.of(Target.PORTABLE, Target.ONNXRUNTIME)
        : List.of(Target.PORTABLE);
  }

  /** The names of the other exporters' files, without extension. */
  List<String> peers() {
    return peers;
  }

  /** The number of multiply-adds in the matrix products of one position. */
  abstract double multiplications();

  /** Random tokens with a fixed seed. */
  Map<String, Tensor> inputs(OnnxModel loaded) {
    var input = loaded.signature().inputs().keySet().iterator().next();
    var tokens = new Random(1).longs(LENGTH, 0, vocabulary).toArray();
    return Map.of(input, Tensor.ofLongs(tokens, 1, LENGTH));
  }

  /** The number of floating-point operations in all matrix products. */
  double operations() {
    return 2 * LENGTH * multiplications();
  }
}
