package io.gracefuldrain.spring;

import io.gracefuldrain.DrainPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextRefreshedEvent;

/**
 * Says once, when the application has started, where hooks and probes are, and who may use them.
 */
final class HttpReport implements ApplicationListener<ContextRefreshedEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(HttpReport.class);

  private final ApplicationContext context;
  private final ManagementPlace place;
  private final DrainPolicy policy;

  HttpReport(ApplicationContext context, ManagementPlace place, DrainPolicy policy) {
    this.context = context;
    this.place = place;
    this.policy = policy;
  }

  @Override
  public void onApplicationEvent(ContextRefreshedEvent event) {
    if (event.getApplicationContext() != context) {
      return; // a child's
    }
    place.started();
    place
        .where()
        .ifPresentOrElse(
            where -> LOG.info("DRAIN-085 hooks and probes: {}; {}", where, protection()),
            () ->
                LOG.warn(
                    "DRAIN-086 nobody serves hooks and probes (expected: Actuator's management"
                        + " port, our own server, a DrainServlet, or drain.http.enabled=false)"));
  }

  private String protection() {
    return (policy.hookHeader().isPresent()
            ? "the preStop hook needs its header"
            : "whoever reaches it can drain this pod (DRAIN_HOOK_HEADER sets a secret)")
        + (policy.adminToken().isPresent()
            ? ", changes need the token"
            : ", changes are off (DRAIN_ADMIN_TOKEN allows them)");
  }
}
