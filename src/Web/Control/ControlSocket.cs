using System.Security.Cryptography;
using System.Text;

namespace Replica.Web.Control;

/// <summary>Where the control socket of a home is.</summary>
public static class ControlSocket
{
    /// <summary>The name of the socket in the home.</summary>
    public const string FileName = "control.sock";

    /// <summary>The longest path in bytes that is used as it is; the system allows 103 to 107.</summary>
    public const int PathBytesMax = 90;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>The paths at which a process that holds the home may serve, the first being where it should.</summary>
    /// <remarks>
    /// One, in the home, if that is short enough. Else two, named by a hash of the home's real path: below the runtime
    /// directory and below the system's temporary one, because a service and a shell of one user may differ in the first.
    /// </remarks>
    public static IReadOnlyList<string> PathsFor(string homeDirectory, string? runtimeDirectory)
    {
        var real = RealPath(homeDirectory);
        var direct = Path.Combine(real, FileName);
        if (Encoding.UTF8.GetByteCount(direct) <= PathBytesMax)
        {
            return [direct];
        }

        var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(real)).AsSpan(0, 16)) + ".sock";
        var shared = Path.Combine("/tmp", "replica-" + Environment.UserName, name);
        var own = string.IsNullOrEmpty(runtimeDirectory) ? null : Path.Combine(runtimeDirectory, "replica", name);
        return own is not null && Encoding.UTF8.GetByteCount(own) <= PathBytesMax ? [own, shared] : [shared];
    }

    /// <summary>Makes the folder of a short path, for its owner only; does nothing for a path in the home.</summary>
    /// <exception cref="IOException">The folder is a link, or belongs to somebody else.</exception>
    internal static void PrepareFolder(string socketPath, string homeDirectory)
    {
        var folder = Path.GetDirectoryName(socketPath)!;
        if (folder == RealPath(homeDirectory))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            _ = Directory.CreateDirectory(folder);
            return;
        }

        _ = Directory.CreateDirectory(folder, OwnerOnly);
        try
        {
            if (new DirectoryInfo(folder).LinkTarget is null)
            {
                // Only the owner may set the mode, so this tells whether a stranger made the folder first.
                File.SetUnixFileMode(folder, OwnerOnly);
                return;
            }
        }
        catch (UnauthorizedAccessException)
        {
        }

        throw new IOException($"The folder {folder} is not this user's own: remove it, or set XDG_RUNTIME_DIR to a folder that is.");
    }

    /// <summary>The path with every link on the way resolved, so that two ways to a home lead to one socket.</summary>
    private static string RealPath(string directory)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory));
        var real = Path.GetPathRoot(full)!;
        foreach (var part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = Path.Combine(real, part);
            // A home that is still to be made is no link.
            var target = Directory.Exists(next) ? new DirectoryInfo(next).ResolveLinkTarget(returnFinalTarget: true) : null;
            real = target?.FullName ?? next;
        }

        return real;
    }
}
