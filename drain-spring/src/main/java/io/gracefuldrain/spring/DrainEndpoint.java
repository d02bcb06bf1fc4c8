package io.gracefuldrain.spring;

import io.gracefuldrain.Drain;
import io.gracefuldrain.DrainCoordinator;
import io.gracefuldrain.DrainReason;
import io.gracefuldrain.Durations;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.json.JsonParserFactory;

/**
 * Actuator's endpoint {@code drain}, by HTTP and JMX. It is exposed as any other is ({@code
 * management.endpoints.web.exposure.include}). Reading is allowed then; what changes something is
 * closed until {@code management.endpoint.drain.access=unrestricted}, and protected as Actuator is.
 * Thread-safe.
 */
@Endpoint(id = "drain", defaultAccess = Access.READ_ONLY)
public class DrainEndpoint {
  private final DrainCoordinator coordinator;

  /** The endpoint of a coordinator; a subclass that is a bean takes its place. */
  public DrainEndpoint(DrainCoordinator coordinator) {
    this.coordinator = Objects.requireNonNull(coordinator, "coordinator");
  }

  /** The drain as it stands, or the receipt of the last one. */
  @ReadOperation
  public Map<String, Object> status() {
    return JsonParserFactory.getJsonParser().parseMap(coordinator.report().toJson());
  }

  /**
   * Starts a drain, or joins the current one.
   *
   * @param within done within this time, such as {@code 10s}
   * @param note what it is for
   * @return the status
   */
  @WriteOperation
  public Map<String, Object> drain(
      @org.springframework.lang.Nullable @Nullable String within,
      @org.springframework.lang.Nullable @Nullable String note) {
    try {
      Duration most = within == null ? null : Durations.parse(within);
      Drain drain =
          note == null
              ? coordinator.drain(DrainReason.MANUAL)
              : coordinator.drain(DrainReason.MANUAL, note);
      if (most != null) {
        drain.within(most);
      }
    } catch (IllegalArgumentException | IllegalStateException e) {
      throw refused("drain", e);
    }
    return status();
  }

  /** Recalls the drain, unless a signal has asked for it, and gives the status. */
  @DeleteOperation
  public Map<String, Object> recall() {
    try {
      coordinator.resume();
    } catch (IllegalStateException e) {
      throw refused("recall", e);
    }
    return status();
  }

  private static InvalidEndpointRequestException refused(String asked, RuntimeException cause) {
    String reason = String.valueOf(cause.getMessage());
    return new InvalidEndpointRequestException(asked + ": " + reason, reason, cause);
  }
}
