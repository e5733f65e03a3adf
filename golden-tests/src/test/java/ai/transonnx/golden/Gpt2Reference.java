package ai.transonnx.golden;

import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.graph.Shape;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** GPT-2 written as loops in float64, with random weights under the names of its checkpoints. */
final class Gpt2Reference {
  private final Gpt2.Config config;
  private final Map<String, long[]> shapes = new LinkedHashMap<>();
  private final Map<String, float[]> weights = new LinkedHashMap<>();
  private final Random random = new Random(3);

  Gpt2Reference(Gpt2.Config config) {
    this.config = config;
    long d = config.dim();
    add("wte.weight", config.vocabSize(), d);
    add("wpe.weight", config.maxLength(), d);
    for (int layer = 0; layer < config.depth(); layer++) {
      String block = "h." + layer;
      add(block + ".ln_1.weight", d);
      add(block + ".ln_1.bias", d);
      add(block + ".attn.bias", 1, 1, config.maxLength(), config.maxLength()); // the causal mask
      add(block + ".attn.c_attn.weight", d, 3 * d);
      add(block + ".attn.c_attn.bias", 3 * d);
      add(block + ".attn.c_proj.weight", d, d);
      add(block + ".attn.c_proj.bias", d);
      add(block + ".ln_2.weight", d);
      add(block + ".ln_2.bias", d);
      add(block + ".mlp.c_fc.weight", d, 4 * d);
      add(block + ".mlp.c_fc.bias", 4 * d);
      add(block + ".mlp.c_proj.weight", 4 * d, d);
      add(block + ".mlp.c_proj.bias", d);
    }
    add("ln_f.weight", d);
    add("ln_f.bias", d);
  }

  private void add(String name, long... shape) {
    var values = new float[(int) Shape.of(shape).elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (0.5 * random.nextGaussian());
    }
    shapes.put(name, shape);
    weights.put(name, values);
  }

  /** Writes the weights as a safetensors file. */
  Path write(Path file) {
    var written = new TestWeights();
    weights.forEach((name, values) -> written.add(name, Shape.of(shapes.get(name)), values));
    return written.write(file);
  }

  /** The logits of one sequence: {@code [n][v]}. */
  double[][] logits(long... tokens) {
    int d = config.dim();
    var x = new double[tokens.length][d];
    for (int t = 0; t < x.length; t++) {
      for (int f = 0; f < d; f++) {
        x[t][f] = at("wte.weight", d, (int) tokens[t], f) + at("wpe.weight", d, t, f);
      }
    }
    for (int layer = 0; layer < config.depth(); layer++) {
      String block = "h." + layer;
      add(x, attention(block + ".attn", norm(block + ".ln_1", x)));
      var hidden = linear(block + ".mlp.c_fc", norm(block + ".ln_2", x), 4 * d);
      for (var row : hidden) {
        Arrays.setAll(row, f -> gelu(row[f]));
      }
      add(x, linear(block + ".mlp.c_proj", hidden, d));
    }
    var last = norm("ln_f", x);
    var logits = new double[x.length][config.vocabSize()];
    for (int t = 0; t < x.length; t++) {
      for (int v = 0; v < config.vocabSize(); v++) {
        for (int f = 0; f < d; f++) {
          logits[t][v] += last[t][f] * at("wte.weight", d, v, f);
        }
      }
    }
    return logits;
  }

  private double at(String name, int columns, int row, int column) {
    return weights.get(name)[row * columns + column];
  }

  private static void add(double[][] x, double[][] added) {
    for (int t = 0; t < x.length; t++) {
      for (int f = 0; f < x[t].length; f++) {
        x[t][f] += added[t][f];
      }
    }
  }

  private static double gelu(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private double[][] norm(String name, double[][] x) {
    var normed = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double mean = Arrays.stream(x[t]).average().orElseThrow();
      double variance =
          Arrays.stream(x[t]).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      var row = new double[x[t].length];
      for (int f = 0; f < row.length; f++) {
        row[f] =
            (x[t][f] - mean) / Math.sqrt(variance + 1e-5) * weights.get(name + ".weight")[f]
                + weights.get(name + ".bias")[f];
      }
      normed[t] = row;
    }
    return normed;
  }

  private double[][] linear(String name, double[][] x, int out) {
    var y = new double[x.length][out];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < out; o++) {
        y[t][o] = weights.get(name + ".bias")[o];
        for (int i = 0; i < x[t].length; i++) {
          y[t][o] += x[t][i] * at(name + ".weight", out, i, o);
        }
      }
    }
    return y;
  }

  private double[][] attention(String name, double[][] x) {
    int d = config.dim();
    int e = d / config.heads();
    var qkv = linear(name + ".c_attn", x, 3 * d);
    var merged = new double[x.length][d];
    for (int first = 0; first < d; first += e) {
      for (int t = 0; t < x.length; t++) {
        var scores = new double[t + 1];
        for (int key = 0; key <= t; key++) {
          for (int f = first; f < first + e; f++) {
            scores[key] += qkv[t][f] * qkv[key][d + f] / Math.sqrt(e);
          }
        }
        double sum = Arrays.stream(scores).map(Math::exp).sum();
        for (int key = 0; key <= t; key++) {
          for (int f = first; f < first + e; f++) {
            merged[t][f] += Math.exp(scores[key]) / sum * qkv[key][2 * d + f];
          }
        }
      }
    }
    return linear(name + ".c_proj", merged, d);
  }
}
