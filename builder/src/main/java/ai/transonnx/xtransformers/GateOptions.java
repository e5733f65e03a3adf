package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** The options of gates of the heads' outputs. Immutable. */
public record GateOptions(
    @Option(
            value = "gate each head's output by the query's input",
            defaultValue = "false",
            since = "1.23.2")
        boolean gateValueHeads,
    @Option(
            value = "SiLU instead of the sigmoid of gate_values",
            defaultValue = "false",
            since = "1.24.3")
        boolean swigluValues,
    @Option(
            value = "number of features between two layers of gate_values (default: one layer)",
            defaultValue = "null",
            since = "2.26.0")
        @Nullable Integer gateValuesRank,
    @Option(value = "gate_values has one gate per head", defaultValue = "false", since = "2.26.1")
        boolean gateValuesHeadwise,
    @Option(
            value = "gate the heads' outputs by themselves",
            defaultValue = "false",
            since = "2.26.0")
        boolean outputGate,
    @Option(
            value = "number of features between two layers of output_gate (default: one layer)",
            defaultValue = "null",
            since = "2.26.0")
        @Nullable Integer outputGateRank,
    @Option(value = "output_gate has one gate per head", defaultValue = "false", since = "2.26.1")
        boolean outputGateHeadwise,
    @Option(
            value = "SiLU between the two layers of a gate with a rank",
            defaultValue = "true",
            since = "2.26.3")
        boolean lowRankSiluGates) {
  public GateOptions {
    check("gate_values", gateValuesRank, gateValuesHeadwise);
    check("output_gate", outputGateRank, outputGateHeadwise);
  }

  private static void check(String gate, @Nullable Integer rank, boolean headwise) {
    if (rank != null) {
      Ranges.checkInteger(gate + "_rank", rank, 1, 1 << 24);
    }
    if (rank != null && headwise) {
      throw new ConfigException(
          "'%s_rank' is %s and '%s_headwise' is true; set only one of them"
              .formatted(gate, rank, gate));
    }
  }
}
