using System.CommandLine;
using System.Security.Cryptography;
using Replica.Peer.Host;
using Replica.Peer.Membership;
using Replica.Transport.Crypto;

namespace Replica.PeerCli.Commands;

/// <summary>The keys that the commands for independent peers work with.</summary>
internal static class DeveloperKeys
{
    private const int KeyBytes = 32;

    /// <summary>The device key of the home that <c>--dir</c> names, or a fresh one. The caller disposes it.</summary>
    public static DeviceKeyPair Device(Globals globals, ParseResult parse)
    {
        if (parse.GetValue(globals.Dir) is not { } named)
        {
            return DeviceKeyPair.Create();
        }

        var directory = Path.GetFullPath(named);
        if (!ReplicaHome.IsHome(directory))
        {
            throw new ReplicaException("REPLICA_NOT_A_HOME", $"'{directory}' is no Replica home: leave --dir out for a fresh device key.");
        }

        try
        {
            return KeyStore.Open(directory).LoadOrCreateDevice();
        }
        catch (MembershipException fault)
        {
            throw new ReplicaException(fault.Code, fault.Message, fault);
        }
    }

    /// <summary>A key of 32 bytes from 64 hex digits.</summary>
    /// <exception cref="UsageException">It is none. The text is not repeated: it may be a secret.</exception>
    public static byte[] Read(string text, string option)
    {
        var bytes = new byte[KeyBytes];
        if (text.Length == 2 * KeyBytes
            && Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done)
        {
            return bytes;
        }

        CryptographicOperations.ZeroMemory(bytes);
        throw new UsageException($"{option} takes {2 * KeyBytes} hex digits.");
    }
}
