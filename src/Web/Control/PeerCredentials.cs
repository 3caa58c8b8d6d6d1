using System.Buffers.Binary;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Replica.Web.Control;

/// <summary>Who is at the other end of a Unix-domain socket, by the word of the kernel.</summary>
/// <remarks>
/// The rights of the socket's file keep others out already. This holds where they do not: a file system that ignores modes, a
/// folder that was opened to others, a descriptor that was handed on before it connected.
/// </remarks>
internal static partial class PeerCredentials
{
    private const int SocketLevel = 1;
    private const int PeerCredentialsOption = 17;

    // struct ucred: process, user, group, of 32 bits each.
    private const int UcredBytes = 12;
    private const int UserAt = 4;
    private const uint Root = 0;

    /// <summary>Whether the other end is this process's user, or root, who can read the home anyway.</summary>
    /// <param name="socket">A connection that was accepted; null if there is none to look at.</param>
    public static bool IsOwner(Socket? socket)
    {
        if (!OperatingSystem.IsLinux())
        {
            // There the rights of the file decide alone.
            return true;
        }

        return socket is not null && TryGetUser(socket) is { } user && IsAllowed(user, GetEffectiveUser());
    }

    /// <summary>Whether a user may use the socket of another.</summary>
    internal static bool IsAllowed(uint user, uint owner) => user == owner || user == Root;

    /// <summary>The user at the other end; null if the kernel does not say.</summary>
    internal static uint? TryGetUser(Socket socket)
    {
        Span<byte> ucred = stackalloc byte[UcredBytes];
        try
        {
            return socket.GetRawSocketOption(SocketLevel, PeerCredentialsOption, ucred) == UcredBytes
                ? BitConverter.IsLittleEndian
                    ? BinaryPrimitives.ReadUInt32LittleEndian(ucred[UserAt..])
                    : BinaryPrimitives.ReadUInt32BigEndian(ucred[UserAt..])
                : null;
        }
        catch (SocketException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint GetEffectiveUser();
}
