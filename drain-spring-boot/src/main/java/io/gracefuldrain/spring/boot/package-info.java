/** What only Spring Boot 4 has: the health of a drain. */
@NullMarked
package io.gracefuldrain.spring.boot;

import org.jspecify.annotations.NullMarked;
