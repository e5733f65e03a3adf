package ai.transonnx.internal.xtransformers;

import ai.transonnx.op.Scope;
import java.util.List;

/**
 * A table of embeddings of a wrapper. Immutable.
 *
 * @param input the input of indices into the table
 * @param path the names of the modules from the wrapper's to the table's
 * @param count the number of embeddings
 */
public record TokenTable(String input, List<String> path, int count) {
  public TokenTable {
    path = List.copyOf(path);
  }

  /** The module of the table, given that of the wrapper. */
  Scope module(Scope scope) {
    var module = scope;
    for (var name : path) {
      module = module.child(name);
    }
    return module;
  }
}
