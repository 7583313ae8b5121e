package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How the Hub is reached.
 *
 * @param endpoint http or https, without a slash at its end
 * @param token sent to the endpoint and to no other host; empty where there is none
 * @param offline whether the cache folder must do
 */
public record HubSettings(URI endpoint, String token, boolean offline, Patience patience) {
    public static final URI DEFAULT_ENDPOINT = URI.create("https://huggingface.co");
    static final String ENDPOINT = "HF_ENDPOINT";
    static final String TOKEN = "HF_TOKEN";
    static final String OFFLINE = "HF_HUB_OFFLINE";
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");
    private static final Pattern TOKEN_TEXT = Pattern.compile("[!-~]*");

    public HubSettings {
        if (!Set.of("http", "https").contains(String.valueOf(endpoint.getScheme())) || endpoint.getHost() == null) {
            throw badEndpoint(endpoint.toString());
        }
        if (!TOKEN_TEXT.matcher(token).matches()) {
            throw CellFailure.yours("%s holds characters that no token has. Maybe copy it again.", TOKEN);
        }
    }

    /**
     * From texts as they stand in the environment.
     *
     * @param endpoint empty for the public Hub
     * @param token empty where there is none
     * @param offline 1, on, yes or true in any case; all else is false
     * @throws CellFailure with cause YOURS where a value cannot be used; it never tells the token
     */
    public static HubSettings of(String endpoint, String token, String offline, Patience patience) {
        return new HubSettings(
                endpoint.isBlank() ? DEFAULT_ENDPOINT : address(endpoint.strip()),
                token.strip(),
                TRUE.contains(offline.strip().toLowerCase(Locale.ROOT)),
                patience);
    }

    boolean hasToken() {
        return !token.isEmpty();
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "HubSettings[endpoint=%s, token=%s, offline=%s, patience=%s]"
                .formatted(endpoint, hasToken() ? "set" : "none", offline, patience);
    }

    private static URI address(String endpoint) {
        try {
            return URI.create(endpoint.replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw badEndpoint(endpoint);
        }
    }

    private static CellFailure badEndpoint(String endpoint) {
        return CellFailure.yours(
                "%s (%s) must be an address that begins with http:// or https://. Maybe unset it to take %s.",
                ENDPOINT, endpoint, DEFAULT_ENDPOINT);
    }
}
