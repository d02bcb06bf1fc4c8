package io.gracefuldrain.spring.boot3;

import io.gracefuldrain.spring.DrainHealth;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.health.AdditionalHealthEndpointPath;
import org.springframework.boot.actuate.health.HealthEndpointGroup;
import org.springframework.boot.actuate.health.HealthEndpointGroups;
import org.springframework.boot.actuate.health.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.actuate.health.HttpCodeStatusMapper;
import org.springframework.boot.actuate.health.StatusAggregator;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/** Adds the drain to the readiness group, whatever else is in it; never to the liveness group. */
@Order(Ordered.LOWEST_PRECEDENCE) // after Boot's, which makes these groups
final class DrainHealthGroups implements HealthEndpointGroupsPostProcessor {
  private final Environment environment;

  DrainHealthGroups(Environment environment) {
    this.environment = environment;
  }

  @Override
  public HealthEndpointGroups postProcessHealthEndpointGroups(HealthEndpointGroups groups) {
    Map<String, HealthEndpointGroup> all = new LinkedHashMap<>();
    for (String name : groups.getNames()) {
      HealthEndpointGroup group = groups.get(name);
      if (group != null) {
        boolean added = DrainHealth.added(name, environment);
        all.put(name, added || DrainHealth.barred(name) ? new Group(group, added) : group);
      }
    }
    return HealthEndpointGroups.of(groups.getPrimary(), all);
  }

  /** A group as it is, but for the drain. */
  private record Group(HealthEndpointGroup own, boolean withDrain) implements HealthEndpointGroup {
    @Override
    public boolean isMember(String name) {
      return name.equals(DrainHealth.NAME) ? withDrain : own.isMember(name);
    }

    @Override
    public boolean showComponents(SecurityContext security) {
      return own.showComponents(security);
    }

    @Override
    public boolean showDetails(SecurityContext security) {
      return own.showDetails(security);
    }

    @Override
    public StatusAggregator getStatusAggregator() {
      return own.getStatusAggregator();
    }

    @Override
    public HttpCodeStatusMapper getHttpCodeStatusMapper() {
      return own.getHttpCodeStatusMapper();
    }

    @Override
    public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
      return own.getAdditionalPath();
    }
  }
}
