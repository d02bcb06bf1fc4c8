/** What is particular to Spring Boot 3.5: auto-configurations. Use the starter. */
@NullMarked
package io.gracefuldrain.spring.boot3;

import org.jspecify.annotations.NullMarked;
