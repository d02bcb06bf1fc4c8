package io.gracefuldrain.spring;

import org.springframework.context.ApplicationContext;

/** Knows in which contexts attached servers run, of one kind of server. */
@FunctionalInterface
interface ServersOfContext {
  boolean runIn(ApplicationContext context);
}
