using System.Security.Cryptography;
using System.Text;
using Replica.Peer.Membership;

namespace Replica.Peer.Host;

/// <summary>The token that lets programs of the owner use a home over TCP: 32 random bytes in hex, in a file that the owner alone may read.</summary>
public static class HomeToken
{
    /// <summary>The name of the file in the home.</summary>
    public const string FileName = "api.token";

    /// <summary>How many characters it has.</summary>
    public const int Chars = 64;

    /// <summary>The token of a home; it is drawn if there is none.</summary>
    /// <exception cref="ReplicaException">
    /// Others have rights on the file (<c>REPLICA_KEY_EXPOSED</c>), it holds something else (<c>REPLICA_KEY_DAMAGED</c>), or can't be
    /// used (<c>REPLICA_KEY_UNAVAILABLE</c>).
    /// </exception>
    public static string LoadOrCreate(string homeDirectory) => Faults.Translate(() =>
    {
        var path = Path.Combine(homeDirectory, FileName);
        if (TryRead(path) is { } token)
        {
            return token;
        }

        return Draw(path, replace: false);
    });

    /// <summary>Draws a new token in place of the one of a home, also where its file is damaged or others could read it.</summary>
    /// <remarks>A process that serves the home goes on with what it loaded: tell it instead, by <c>replica token renew</c>.</remarks>
    /// <exception cref="ReplicaException">The file can't be written (<c>REPLICA_KEY_UNAVAILABLE</c>); the old token then stays.</exception>
    public static string Renew(string homeDirectory) => Faults.Translate(() => Draw(Path.Combine(homeDirectory, FileName), replace: true));

    /// <summary>The token in a file.</summary>
    /// <exception cref="ReplicaException">There is no such file, others have rights on it, or it holds something else.</exception>
    public static string Read(string path) => Faults.Translate(() => TryRead(path)
        ?? throw new MembershipException(
            MembershipException.KeyUnavailable, $"There is no file {path}: 'replica run --api-listen' makes {FileName} in its home."));

    private static string Draw(string path, bool replace)
    {
        var drawn = RandomNumberGenerator.GetHexString(Chars, lowercase: true);
        KeyFile.Write(path, Encoding.ASCII.GetBytes(drawn + "\n"), replace);
        return drawn;
    }

    private static string? TryRead(string path) => KeyFile.TryRead(path, bytes =>
    {
        var text = Encoding.ASCII.GetString(bytes).Trim();
        return text.Length == Chars && text.All(char.IsAsciiHexDigitLower)
            ? text
            : throw new MembershipException(
                MembershipException.KeyDamaged, $"The file {path} holds no token of {Chars} hex digits: delete it; the next start draws another.");
    });
}
