namespace Bixbite.Types.Hashes;

/// <summary>Receives the fields of a hash, which it must not change meanwhile. The bytes are valid only during the call.</summary>
public interface IFieldVisitor
{
    /// <param name="field">The field.</param>
    /// <param name="value">Its value.</param>
    /// <param name="deadlineMs">When it expires, in Unix milliseconds, or <see cref="FieldDeadlines.None"/>.</param>
    void Visit(scoped ReadOnlySpan<byte> field, scoped ReadOnlySpan<byte> value, long deadlineMs);
}
