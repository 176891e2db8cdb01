namespace Bixbite.Unit.Configuration;

/// <summary>The folder that holds the solution.</summary>
internal static class Repository
{
    public static string File(string path)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Bixbite.slnx")))
            {
                return Path.Combine(folder.FullName, path);
            }
        }
        throw new InvalidOperationException("the tests do not run within the repository");
    }
}
