package dev.fewtune.web;

import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.Cookie;
import jakarta.ws.rs.core.NewCookie;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** A secret that forms of our own pages carry and that a foreign page cannot know: the same in a cookie and a field. */
@RequestScoped
public class Csrf {
    private static final String COOKIE = "fewtune-csrf";
    private static final SecureRandom RANDOM = new SecureRandom();
    private String token;
    private boolean fresh;

    public String token() {
        if (token == null) {
            byte[] bytes = new byte[16];
            RANDOM.nextBytes(bytes);
            token = HexFormat.of().formatHex(bytes);
            fresh = true;
        }
        return token;
    }

    /** Refuses a form that does not carry the secret of the cookie. */
    void require(String field) {
        if (token == null || fresh || !token.equals(field)) {
            throw Refused.forbidden(
                    "This form is out of date or came from elsewhere. Go back, reload, and send it again.");
        }
    }

    void read(Cookie cookie) {
        if (cookie != null && cookie.getValue().matches("[0-9a-f]{32}")) {
            token = cookie.getValue();
        }
    }

    /** Carries the secret between cookie and request. */
    public static class Carrier {
        private final Csrf csrf;

        Carrier(Csrf csrf) {
            this.csrf = csrf;
        }

        @ServerRequestFilter
        public void take(ContainerRequestContext request) {
            csrf.read(request.getCookies().get(COOKIE));
        }

        @ServerResponseFilter
        public void give(ContainerResponseContext response) {
            if (csrf.fresh()) {
                response.getHeaders()
                        .add(
                                "Set-Cookie",
                                new NewCookie.Builder(COOKIE)
                                        .value(csrf.token())
                                        .path("/")
                                        .httpOnly(true)
                                        .sameSite(NewCookie.SameSite.STRICT)
                                        .build());
            }
        }
    }

    boolean fresh() {
        return fresh;
    }
}
