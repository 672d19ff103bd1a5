using JeanTrail.Kernel.Errors;

namespace JeanTrail.Models;

/// <summary>The module's expected failures.</summary>
internal static class ModelsErrors
{
    internal static readonly Error Unknown = new("models.unknown", 404, "There is no such model on this machine.");
    internal static readonly Error PullUnknown = new("models.pull_unknown", 404, "There is no such pull.");
    internal static readonly Error PullOver = new("models.pull_over", 409, "This pull is over already.");
    internal static readonly Error PullRunning = new("models.pull_running", 409, "A model of this name is being pulled already.");
    internal static readonly Error NameTaken = new("models.name_taken", 409, "There is a model of this name already. Choose another name to have both.");
    internal static readonly Error FileTaken = new("models.file_taken", 409, "This very file is here already, under another name.");
    internal static readonly Error NameInvalid = new("models.name_invalid", 400, "A name has 1 to 60 small letters, digits, dots and dashes, and begins with a letter or digit.");
    internal static readonly Error SourceInvalid = new("models.source_invalid", 400, "Give a name of the catalogue, hf:owner/repository/file.gguf, or the https address of a GGUF file or of an archive (.tar.bz2, .tar.gz, .zip) of a speech model.");
    internal static readonly Error ChecksumWrong = new("models.checksum_wrong", 502, "What arrived is not what was promised: its checksum is another. It was thrown away; nothing of it was opened.");
    internal static readonly Error LengthWrong = new("models.length_wrong", 502, "What arrived is longer or shorter than was promised. It was thrown away.");
    internal static readonly Error Stalled = new("models.pull_stalled", 504, "The server of the file stopped sending, several times. Try again later; what has arrived is kept.");
    internal static readonly Error Unreachable = new("models.pull_unreachable", 502, "The server of the file cannot be reached.");
    internal static readonly Error RedirectRefused = new("models.redirect_refused", 502, "The server of the file sends on to where nothing may be fetched from.");
    internal static readonly Error DiskFull = new("models.disk_full", 507, "There is not enough room on the disk for this model.");
    internal static readonly Error LibraryFull = new("models.library_full", 507, "The models would take more room together than is allowed. Remove one first.");
    internal static readonly Error EngineMissing = new("models.engine_missing", 503, "The engine for local models is not installed. Run ./jean setup.");
    internal static readonly Error Busy = new("models.busy", 503, "The model is busy with other conversations. Try again in a moment.");
    internal static readonly Error Lost = new("models.lost", 503, "The model stopped in the middle and is being started again. Try again.");
    internal static readonly Error Removed = new("models.removed", 410, "This model is being removed.");
    internal static readonly Error FileGone = new("models.file_gone", 410, "The file of this model is not where it was. Verify it, or pull it again.");
    internal static readonly Error Damaged = new("models.unreadable", 422, "The files of this model are not what they were when it came. Remove it and pull it again.");
    internal static readonly Error Unverifiable = new("models.unverifiable", 409, "This model was put here by hand: nothing is known that it could be held against.");
    internal static readonly Error FolderInvalid = new("models.folder_invalid", 400, "The folder must be an absolute path that the server can write to.");
    internal static readonly Error SpeakersMissing = new("models.speakers_missing", 409, "No model on this machine tells that. One that does must be put beside the others first.");
    internal static readonly Error DenoiserMissing = new("models.denoiser_missing", 409, "No model on this machine takes noise away. One that does must be put beside the others first.");
    internal static readonly Error WrongPurpose = new("models.wrong_purpose", 400, "This model is not made for that.");

    internal static Error PullRefused(int status)
        => new Error("models.pull_refused", 502, status is 401 or 403 ? "The server of the file asks for an account." : status == 404 ? "There is no such file there." : $"The server of the file answered with status {status}.")
            .With("upstreamStatus", status);

    internal static Error Unreadable(string why) => new("models.unreadable", 422, why);

    internal static Error ContextTooLong(string why) => new("models.context_too_long", 400, why);

    internal static Error RequestInvalid(string why) => new("models.request_invalid", 400, why);

    internal static Error Failing(string why) => new("models.engine_failing", 503, $"The model was stopped because it kept ending: {why}");

    internal const string DoesNotFitCode = "models.does_not_fit";

    /// <param name="suggestion">The name of a model that would fit; null when none would.</param>
    internal static Error DoesNotFit(long needBytes, long availableBytes, string? suggestion)
        => new Error(DoesNotFitCode, 507, suggestion is null
                ? "There is not enough free memory for this model, nor for a smaller one that is known."
                : $"There is not enough free memory for this model. {suggestion} would fit.")
            .With("needBytes", needBytes).With("availableBytes", availableBytes).With("suggestion", suggestion);

    internal static Error LicenceNotAccepted(string licence, string url)
        => new Error("models.licence_not_accepted", 409, "Read the licence of this model and accept it first.").With("licence", licence).With("licenceUrl", url);
}
