package ai.transonnx.blockrecurrent;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Projection;
import ai.transonnx.op.Scope;

/**
 * The library's {@code StateContainer}: recurrent state vectors. Tokens read them by
 * cross-attention, and each block updates them with its keys and values.
 */
record StateContainer(BlockRecurrentConfig config) {
  /** A state with its norm and its projections to keys and values. */
  record ProjectedState(Value state, Value normed, Value keys, Value values) {}

  private Attention attention() {
    return new Attention(config.heads(), config.dimHead(), true);
  }

  /**
   * Replaces a state without vectors by the learned initial state.
   *
   * @param given {@code [b, s, dim]} or {@code [b, 0, dim]}
   * @return {@code [b, s, dim]}
   */
  Value initialize(Scope scope, Value given) {
    int count = config.stateVectors();
    int dim = config.dim();
    var shape = Shape.of(given.dim(0), Dim.of(count), Dim.of(dim));
    var sizes = scope.concat(0, scope.size(given, 0), scope.vector(count, dim));
    var learned = scope.expand(scope.parameter("init_state", count, dim), sizes, shape);
    return scope.slice(scope.concat(1, given, learned), 1, 0, count);
  }

  ProjectedState project(Scope scope, Value state) {
    int dim = config.dim();
    var positions = scope.parameter("state_pos_ids", config.stateVectors(), dim);
    var normed = scope.add(new Norm(dim).of(scope.child("state_norm"), state), positions);
    var toKeysAndValues = new Projection(dim, 2L * config.dimHead());
    var kv = scope.child("state_to_kv");
    return new ProjectedState(
        state,
        normed,
        toKeysAndValues.features(0, config.dimHead()).of(kv, normed), // [b, s, d]
        toKeysAndValues.features(config.dimHead(), 2L * config.dimHead()).of(kv, normed));
  }

  /**
   * Reads the state.
   *
   * @param x the normalized tokens {@code [b, n, dim]}
   * @return {@code [b, n, h * d]}
   */
  Value read(Scope scope, Value x, ProjectedState state) {
    var q = projectQueries(scope, "q_to_state", x); // [b, h, n, d]
    var out = attend(scope, "to_state_cross_attn", q, state.keys(), state.values());
    return Attention.merge(scope, out);
  }

  /**
   * Computes the state after a block.
   *
   * @param keys the block's keys before rotation {@code [b, w, d]}
   * @param values the block's values {@code [b, w, d]}
   * @return {@code [b, s, dim]}
   */
  Value write(Scope scope, ProjectedState state, Value keys, Value values) {
    int dim = config.dim();
    var own =
        attend(
            scope,
            "state_self_attn",
            projectQueries(scope, "state_to_q", state.normed()),
            state.keys(),
            state.values()); // [b, h, s, d]
    var fromBlock =
        attend(
            scope,
            "from_state_cross_attn",
            projectQueries(scope, "q_from_state", state.normed()),
            keys,
            values); // [b, h, s, d]
    var both = Attention.merge(scope, scope.concat(3, own, fromBlock)); // [b, s, h * 2d]
    var out = new Projection(2L * config.inner(), dim).of(scope.child("to_state_out"), both);
    var update = new Linear(dim, dim).of(scope.child("state_out_to_gate"), out); // [b, s, dim]
    var share = scope.sigmoid(scope.parameter("learned_ema_beta", dim)); // [dim]
    var kept = scope.mul(scope.sub(scope.scalar(1f), share), state.state());
    return scope.add(scope.mul(share, update), kept);
  }

  private Value projectQueries(Scope scope, String name, Value x) {
    var q = new Projection(config.dim(), config.inner()).of(scope.child(name), x);
    return attention().split(scope, q); // [b, h, n, d]
  }

  private Value attend(Scope scope, String name, Value q, Value k, Value v) {
    var module = scope.child(name);
    var attention = attention();
    return attention.attend(
        module, attention.queries(module, q), attention.keys(module, k), v, null);
  }
}
