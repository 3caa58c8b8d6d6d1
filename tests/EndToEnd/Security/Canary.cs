using System.Text;

namespace Replica.Tests.EndToEnd.Security;

/// <summary>Looks for what must not be anywhere.</summary>
internal static class Canary
{
    /// <summary>The files below a folder that hold a text, as it is or in capitals.</summary>
    public static IEnumerable<string> Find(string folder, string text) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(path => Holds(path, text));

    private static bool Holds(string path, string text)
    {
        byte[] bytes;
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (IOException)
        {
            // A lock file, or one that has just gone.
            return false;
        }

        return bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0
            || bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text.ToUpperInvariant())) >= 0;
    }
}
