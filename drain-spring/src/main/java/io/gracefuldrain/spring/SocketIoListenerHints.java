package io.gracefuldrain.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

/**
 * What a native image must know of each bean with annotated listeners: its methods, which
 * netty-socketio finds and calls by reflection, and the types of what their events carry.
 */
final class SocketIoListenerHints implements BeanRegistrationAotProcessor {
  private static final String SOCKETIO = "com.corundumstudio.socketio";

  @Override
  public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean bean) {
    if (!ClassUtils.isPresent(SOCKETIO + ".SocketIOServer", bean.getBeanClass().getClassLoader())) {
      return null;
    }
    Set<Method> methods = SocketIoListeners.of(ClassUtils.getUserClass(bean.getBeanClass()));
    return methods.isEmpty() ? null : (generation, code) -> register(generation, methods);
  }

  private static void register(GenerationContext generation, Set<Method> methods) {
    ReflectionHints reflection = generation.getRuntimeHints().reflection();
    List<Type> carried = new ArrayList<>();
    for (Method method : methods) {
      reflection.registerMethod(method, ExecutableMode.INVOKE);
      for (Type parameter : method.getGenericParameterTypes()) {
        if (!parameter.getTypeName().startsWith(SOCKETIO)) {
          carried.add(parameter);
        }
      }
    }
    new BindingReflectionHintsRegistrar()
        .registerReflectionHints(reflection, carried.toArray(Type[]::new));
  }
}
