using JeanTrail.Kernel.Identity;

namespace JeanTrail.Contracts.Chat;

/// <summary>What is kept about a person, for those who recognise that they asked for it.</summary>
public interface IMemory
{
    /// <summary>
    /// Keeps what a person asked to be remembered, as they typed it. False when it may not be kept: they turned memory off, the
    /// conversation is temporary, or the words are not their own (they came with a file, or with what somebody else shared).
    /// </summary>
    /// <param name="message">The message in which they asked.</param>
    /// <param name="text">What to remember, a piece of that message.</param>
    Task<bool> RememberAsync(UserId user, MessageId message, string text, CancellationToken cancel);
}
