package dev.fewtune.web;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.FormParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.NewCookie;
import jakarta.ws.rs.core.Response;
import java.net.URI;

/** The way in: the start page, and where a token is set, the page that asks for it. */
@Path("/")
@Blocking
@Produces(MediaType.TEXT_HTML)
public class Door {
    private final Access access;
    private final Csrf csrf;

    Door(Access access, Csrf csrf) {
        this.access = access;
        this.csrf = csrf;
    }

    @CheckedTemplate
    static class Templates {
        static native TemplateInstance refused(Refusal refusal);

        static native TemplateInstance login(String problem, String csrf);
    }

    @GET
    public Response start() {
        return Response.seeOther(URI.create("/runs")).build();
    }

    @GET
    @Path("/login")
    public TemplateInstance login() {
        return Templates.login("", csrf.token());
    }

    @POST
    @Path("/login")
    public Response enter(@FormParam("token") String token, @FormParam("csrf") String field) {
        csrf.require(field);
        if (!access.admits(token)) {
            return Response.status(403)
                    .entity(Templates.login("This is not the token of this server.", csrf.token())
                            .render())
                    .type(MediaType.TEXT_HTML + ";charset=UTF-8")
                    .build();
        }
        return Response.seeOther(URI.create("/runs"))
                .cookie(new NewCookie.Builder(Gate.TOKEN_COOKIE)
                        .value(token)
                        .path("/")
                        .httpOnly(true)
                        .sameSite(NewCookie.SameSite.STRICT)
                        .build())
                .build();
    }
}
