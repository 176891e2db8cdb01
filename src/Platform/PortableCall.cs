namespace Bixbite.Platform;

/// <summary>Calls of .NET about files, which fail by exceptions, as the kernel has them: failures are negative errno values.</summary>
internal static class PortableCall
{
    /// <summary>0, or why it cannot be done.</summary>
    internal static int Result(Action call)
    {
        try
        {
            call();
            return 0;
        }
        catch (Exception failure) when (Errno.IsOfFiles(failure))
        {
            return -Errno.Of(failure);
        }
    }

    /// <summary>0 and what was made, or why it cannot be.</summary>
    internal static int Result<T>(Func<T> call, out T? made)
        where T : class
    {
        T? result = null;
        int failure = Result(() => result = call());
        made = result;
        return failure;
    }
}
