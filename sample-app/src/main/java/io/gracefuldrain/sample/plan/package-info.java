/**
 * {@code plan}: which move window, surge and grace period a rollout needs. It plays the rollout in
 * virtual time: the pods' coordinators are those of production ({@link
 * io.gracefuldrain.VirtualTime}), and clients, receivers, the Service and the Deployment are
 * modelled.
 */
@NullMarked
package io.gracefuldrain.sample.plan;

import org.jspecify.annotations.NullMarked;
