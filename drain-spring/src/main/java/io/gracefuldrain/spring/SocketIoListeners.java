package io.gracefuldrain.spring;

import com.corundumstudio.socketio.annotation.OnConnect;
import com.corundumstudio.socketio.annotation.OnDisconnect;
import com.corundumstudio.socketio.annotation.OnEvent;
import java.lang.reflect.Method;
import java.util.Set;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** The methods of a class that netty-socketio calls, since they are annotated. */
final class SocketIoListeners {
  private SocketIoListeners() {}

  /** Those with {@link OnConnect}, {@link OnEvent} or {@link OnDisconnect}. */
  static Set<Method> of(Class<?> type) {
    return type.getName().startsWith("org.springframework.")
        ? Set.of()
        : MethodIntrospector.selectMethods(
                type, (Method method) -> annotated(method) ? Boolean.TRUE : null)
            .keySet();
  }

  private static boolean annotated(Method method) {
    return AnnotatedElementUtils.hasAnnotation(method, OnConnect.class)
        || AnnotatedElementUtils.hasAnnotation(method, OnEvent.class)
        || AnnotatedElementUtils.hasAnnotation(method, OnDisconnect.class);
  }
}
