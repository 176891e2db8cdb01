namespace Bixbite.Protocol;

/// <summary>One whole request of a batch: which arguments are its own, and where its bytes end.</summary>
public readonly struct Request
{
    /// <summary>Index of the command's name among the batch's arguments.</summary>
    public readonly int FirstArgument;

    /// <summary>Count of arguments, the command's name included; at least 1.</summary>
    public readonly int ArgumentCount;

    /// <summary>Offset of its end from the first byte handed to the parser: what to consume once it has been executed.</summary>
    public readonly int EndOffset;

    public Request(int firstArgument, int argumentCount, int endOffset)
    {
        FirstArgument = firstArgument;
        ArgumentCount = argumentCount;
        EndOffset = endOffset;
    }
}
