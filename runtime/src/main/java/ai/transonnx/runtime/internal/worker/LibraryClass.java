package ai.transonnx.runtime.internal.worker;

import java.lang.reflect.Executable;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A class of a library that is on the class path only when a worker runs. Its public members are
 * found by their names and arguments.
 */
record LibraryClass(String name) {
  /** Calls a static method. */
  Object callStatic(String method, Object... arguments) throws ReflectiveOperationException {
    var type = Class.forName(name);
    return find(type.getMethods(), method, arguments).invoke(null, arguments);
  }

  /** Calls a method of an object. */
  Object call(Object target, String method, Object... arguments)
      throws ReflectiveOperationException {
    var type = Class.forName(name);
    return find(type.getMethods(), method, arguments).invoke(target, arguments);
  }

  /** Creates an object. */
  Object create(Object... arguments) throws ReflectiveOperationException {
    return find(Class.forName(name).getConstructors(), name, arguments).newInstance(arguments);
  }

  private static <T extends Executable> T find(T[] members, String name, Object... arguments)
      throws NoSuchMethodException {
    return Arrays.stream(members)
        .filter(member -> member.getName().equals(name))
        .filter(member -> accepts(member.getParameterTypes(), arguments))
        .findFirst()
        .orElseThrow(() -> new NoSuchMethodException(name));
  }

  private static boolean accepts(Class<?>[] parameters, Object... arguments) {
    return parameters.length == arguments.length
        && IntStream.range(0, arguments.length)
            .allMatch(i -> parameters[i].isInstance(arguments[i]));
  }
}
