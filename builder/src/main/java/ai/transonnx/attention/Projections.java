package ai.transonnx.attention;

import ai.transonnx.attention.Attention.Call;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Projects the inputs of calls to queries, keys and values. */
record Projections(HeadInputs inputs) {
  /** Projects queries, keys and, unless the keys are the values, values. */
  List<Value> all(Scope scope, Call call) {
    var projections = new ArrayList<>(List.of(inputs.query(), inputs.key()));
    var latents = inputs.latents();
    var xs = new ArrayList<>(List.of(call.x(), call.keyInput()));
    var infused = call.infused();
    if (infused != null) {
      boolean alike = call.x() == call.keyInput() && infused.queries() == infused.keys();
      var x = scope.add(call.x(), infused.queries()); // [b, i, dim]
      xs.set(0, x);
      xs.set(1, alike ? x : scope.add(call.keyInput(), infused.keys())); // [b, j, dim]
    }
    if (inputs.value() != null) {
      projections.add(inputs.value());
      xs.add(call.valueInput());
    }
    if (latents == null) {
      return HeadProjection.all(scope, xs, projections);
    }
    xs.set(0, latents.ofQueries(scope, call.x()));
    var keyInput = latents.ofKeys(scope, call.keyInput());
    xs.subList(1, xs.size()).replaceAll(x -> keyInput);
    return withRotated(scope, HeadProjection.all(scope, xs, projections), 1, call.keyInput());
  }

  /** Projects queries. */
  Value queries(Scope scope, Value x) {
    var latents = inputs.latents();
    return inputs.query().of(scope, latents == null ? x : latents.ofQueries(scope, x));
  }

  /** Projects the keys and, unless they are the values, the values of a context. */
  List<Value> ofContext(Scope scope, Value context) {
    var value = inputs.value();
    var projections = value == null ? List.of(inputs.key()) : List.of(inputs.key(), value);
    var latents = inputs.latents();
    var x = latents == null ? context : latents.ofKeys(scope, context);
    var xs = Collections.nCopies(projections.size(), x);
    return withRotated(scope, HeadProjection.all(scope, xs, projections), 0, context);
  }

  private List<Value> withRotated(Scope scope, List<Value> projected, int key, Value input) {
    var latents = inputs.latents();
    if (latents == null) {
      return projected;
    }
    var all = new ArrayList<>(projected);
    all.set(key, latents.withRotated(scope, projected.get(key), input));
    return all;
  }
}
