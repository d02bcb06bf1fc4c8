/** What only Spring Boot 3.5 has: the health of a drain. */
@NullMarked
package io.gracefuldrain.spring.boot3;

import org.jspecify.annotations.NullMarked;
