package dev.fewtune.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.inject.Inject;
import org.junit.jupiter.api.Test;

/** What the library of workflows promises, on every database. */
abstract class LibraryContract {
    @Inject
    Library library;

    @Test
    void keepsAllVersionsAndShowsTheNewest() {
        assertThat(library.put("versions", "a: 1", "Ann").version()).isEqualTo(1);
        assertThat(library.put("versions", "a: 2", null).version()).isEqualTo(2);
        assertThat(library.put("versions", "a: 2", "Ann").version()).isEqualTo(2);
        assertThat(library.find("versions")).hasValueSatisfying(saved -> {
            assertThat(saved.yaml()).isEqualTo("a: 2");
            assertThat(saved.createdBy()).isEmpty();
        });
        assertThat(library.all())
                .filteredOn(saved -> saved.name().equals("versions"))
                .extracting(Library.Saved::version)
                .containsExactly(2);
        assertThat(library.find("nothing")).isEmpty();
    }

    @Test
    void tellsNamesApartByTheCaseOfTheirLetters() {
        library.put("LoRA", "a: 1", "Ann");
        assertThat(library.find("lora")).isEmpty();
        assertThat(library.put("lora", "a: 2", "Ann").version()).isEqualTo(1);
        assertThat(library.find("LoRA")).map(Library.Saved::yaml).contains("a: 1");
    }

    @Test
    void keepsEveryScriptOfTheWorld() {
        library.put("名前😀", "a: 漢字😀", "北");
        assertThat(library.find("名前😀")).hasValueSatisfying(saved -> {
            assertThat(saved.yaml()).isEqualTo("a: 漢字😀");
            assertThat(saved.createdBy()).isEqualTo("北");
        });
    }

    @Test
    void refusesANameThatIsTooLong() {
        assertThatThrownBy(() -> library.put("x".repeat(201), "a: 1", "Ann"))
                .isInstanceOf(Runs.NotAllowed.class)
                .hasMessageContaining("201 characters; at most 200");
    }
}
