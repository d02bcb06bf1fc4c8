/**
 * What both lines of Spring Boot share: an application that has a starter drains.
 *
 * <p>You use {@link io.gracefuldrain.spring.DrainCustomizer} to change the policy in code. All else
 * are auto-configurations, and the beans that they make.
 */
@NullMarked
package io.gracefuldrain.spring;

import org.jspecify.annotations.NullMarked;
