package ai.transonnx.verification.internal.twin;

import java.util.Set;

/** The operators that ONNX Runtime's CPU provider computes in float64. */
final class Kernels {
  private static final Set<String> FLOAT64 =
      Set.of(
          """
          Abs Add AffineGrid ArgMax ArgMin BatchNormalization BlackmanWindow Cast Ceil Clip Compress
          Concat ConcatFromSequence ConstantOfShape Cos CumSum DFT DeformConv DepthToSpace Div Dropout
          Einsum Equal Exp Expand EyeLike Flatten Floor GRU Gather GatherElements GatherND Gemm Greater
          GreaterOrEqual HammingWindow HannWindow Identity IsInf IsNaN LSTM LayerNormalization
          Less LessOrEqual Log LogSoftmax LpNormalization MatMul Max MaxPool MelWeightMatrix Min Mod Mul
          Neg Pad Pow Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
          ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape ReverseSequence Round STFT
          ScatterElements ScatterND SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert
          SequenceLength Shape Shrink Sigmoid Sign Sin Size Slice Softmax SpaceToDepth Split
          SplitToSequence Sqrt Squeeze Sub Sum Tanh TensorScatter Tile TopK Transpose Trilu Unique
          Unsqueeze Where
          com.microsoft.ExpandDims com.microsoft.FusedMatMul com.microsoft.Trilu\
          """
              .strip()
              .split("\\s+"));

  private Kernels() {}

  static boolean hasFloat64(String operator) {
    return FLOAT64.contains(operator);
  }
}
