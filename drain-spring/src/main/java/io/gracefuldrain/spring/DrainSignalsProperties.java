package io.gracefuldrain.spring;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the end of the process is heard of.
 *
 * @param enabled whether SIGTERM, SIGINT and SIGHUP drain before JVM shutdown hooks run. If not,
 *     the application drains when its context closes
 */
@ConfigurationProperties("drain.signals")
public record DrainSignalsProperties(@DefaultValue("true") boolean enabled) {}
