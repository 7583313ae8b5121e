package dev.fewtune.hub;

import dev.fewtune.spec.CellFailure;
import java.io.IOException;

/** What an answer without content means for the user. */
final class Refusals {
    private static final int TIMEOUT = 408;
    private static final int TOO_MANY = 429;
    private static final int LONGEST_MESSAGE = 200;

    private final HubSettings settings;

    Refusals(HubSettings settings) {
        this.settings = settings;
    }

    /**
     * Returns where the answer holds content.
     *
     * @param file the name of a file, or an empty text for the listing
     * @throws CellFailure with cause YOURS where another try would end the same way
     * @throws IOException where another try may help
     */
    void requireContent(Answer answer, ModelId.Hub id, String file) throws IOException {
        int status = answer.status();
        if (status == 200 || status == 206) {
            return;
        }
        // A host that the Hub named refuses when its signed address is too old; the Hub then gives a new one.
        if (!answer.ofHub() || status == TIMEOUT || status == TOO_MANY || status >= 500) {
            throw new PassingFault(
                    "%s answered %s".formatted(answer.host(), status), Header.retryAfter(answer.headers()));
        }
        throw CellFailure.yours("%s", sentence(answer, id, file) + said(answer));
    }

    private String sentence(Answer answer, ModelId.Hub id, String file) {
        String code = Header.text(answer.headers(), "X-Error-Code");
        return switch (answer.status()) {
            case 401, 403 -> code.equals("GatedRepo") ? gated(answer, id) : refused(answer, id);
            case 404 -> missing(code, id, file);
            default -> "%s answered %s when asked for %s.".formatted(settings.endpoint(), answer.status(), id.text());
        };
    }

    private String gated(Answer answer, ModelId.Hub id) {
        return "%s is gated (%s), and %s. Maybe accept its terms on its page, and set %s to a token of that account."
                .formatted(
                        id.text(),
                        answer.status(),
                        settings.hasToken()
                                ? "the account of the token in %s has no access".formatted(HubSettings.TOKEN)
                                : "%s is not set".formatted(HubSettings.TOKEN),
                        HubSettings.TOKEN);
    }

    /** The Hub answers so for a private model as for one that does not exist. */
    private String refused(Answer answer, ModelId.Hub id) {
        if (settings.hasToken()) {
            return ("%s refused %s (%s) to the token in %s. "
                            + "Maybe the token is too old or may not read this model, or the name is wrong.")
                    .formatted(settings.endpoint(), id.text(), answer.status(), HubSettings.TOKEN);
        }
        return "%s shows no %s to everybody (%s). Maybe the name is wrong, or the model is private: then set %s."
                .formatted(settings.endpoint(), id.text(), answer.status(), HubSettings.TOKEN);
    }

    private String missing(String code, ModelId.Hub id, String file) {
        String repository = "hf:%s/%s".formatted(id.org(), id.name());
        if (!file.isEmpty()) {
            return "%s has no file %s. Maybe take another revision.".formatted(id.text(), file);
        }
        return switch (code) {
            case "RevisionNotFound" ->
                "%s has no revision %s. Maybe leave out the @ to take main.".formatted(repository, id.revision());
            case "RepoNotFound" ->
                "There is no model %s at %s. Maybe look up its name on its page%s."
                        .formatted(repository, settings.endpoint(), orToken());
            default ->
                "There is no model %s at %s, or it has no revision %s%s."
                        .formatted(repository, settings.endpoint(), id.revision(), orToken());
        };
    }

    private String orToken() {
        return settings.hasToken() ? "" : "; a private one needs %s".formatted(HubSettings.TOKEN);
    }

    private String said(Answer answer) {
        String message = Header.text(answer.headers(), "X-Error-Message").replaceAll("[^ -~]", " ");
        return message.isBlank()
                ? ""
                : " It says: %s".formatted(message.substring(0, Math.min(message.length(), LONGEST_MESSAGE)));
    }
}
