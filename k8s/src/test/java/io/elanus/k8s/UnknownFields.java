package io.elanus.k8s;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// Fields of a rendered object that its Kubernetes type does not have: the models keep them aside as
/// additional properties.
final class UnknownFields {
  private final List<String> found = new ArrayList<>();

  private UnknownFields() {}

  static List<String> in(HasMetadata object) {
    UnknownFields walk = new UnknownFields();
    walk.visit(object.getKind(), object);
    return walk.found;
  }

  private void visit(String path, Object value) {
    switch (value) {
      case Collection<?> many -> many.forEach(one -> visit(path, one));
      case Map<?, ?> map -> map.forEach((key, one) -> visit(path + "." + key, one));
      case JsonNode _ -> {}
      default -> {
        if (value.getClass().getName().startsWith("io.fabric8.kubernetes.api.model")) {
          visitFields(path, value);
        }
      }
    }
  }

  private void visitFields(String path, Object value) {
    for (Method method : value.getClass().getMethods()) {
      if (method.getName().equals("getAdditionalProperties")) {
        ((Map<?, ?>) call(method, value)).keySet().forEach(key -> found.add(path + "." + key));
      } else if (isGetter(method)) {
        Object child = call(method, value);
        if (child != null) {
          visit(path + "." + method.getName().substring(3), child);
        }
      }
    }
  }

  private static boolean isGetter(Method method) {
    return method.getName().startsWith("get")
        && method.getParameterCount() == 0
        && !method.getName().equals("getClass")
        && !method.getReturnType().isEnum();
  }

  private static Object call(Method method, Object on) {
    try {
      return method.invoke(on);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("%s of %s".formatted(method, Serialization.asJson(on)), e);
    }
  }
}
