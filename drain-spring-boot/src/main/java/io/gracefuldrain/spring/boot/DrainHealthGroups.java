package io.gracefuldrain.spring.boot;

import io.gracefuldrain.spring.DrainHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.web.AdditionalPathsMapper;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
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
    Map<String, HealthEndpointGroup> changed = new LinkedHashMap<>();
    DrainHealth.members(
            groups.getNames(), name -> group(groups, name).isMember(DrainHealth.NAME), environment)
        .forEach((name, member) -> changed.put(name, new Group(group(groups, name), member)));
    return new Groups(groups, changed);
  }

  private static HealthEndpointGroup group(HealthEndpointGroups groups, String name) {
    return Objects.requireNonNull(groups.get(name), name);
  }

  /** All groups as they are, but for some. Boot casts them to both types. */
  private record Groups(HealthEndpointGroups own, Map<String, HealthEndpointGroup> changed)
      implements HealthEndpointGroups, AdditionalPathsMapper {
    @Override
    public HealthEndpointGroup getPrimary() {
      return own.getPrimary();
    }

    @Override
    public Set<String> getNames() {
      return own.getNames();
    }

    @Override
    public @Nullable HealthEndpointGroup get(String name) {
      HealthEndpointGroup group = changed.get(name);
      return group == null ? own.get(name) : group;
    }

    @Override
    public @Nullable List<String> getAdditionalPaths(
        EndpointId endpoint, WebServerNamespace namespace) {
      return own instanceof AdditionalPathsMapper mapper
          ? mapper.getAdditionalPaths(endpoint, namespace)
          : null;
    }
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
