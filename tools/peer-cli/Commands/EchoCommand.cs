using System.CommandLine;
using System.Security.Cryptography;
using Replica.Peer.Host;
using Replica.PeerCli.Output;
using Replica.Testing.Echo;
using Replica.Transport;
using Replica.Transport.Noise;
using Replica.Transport.Tcp;

namespace Replica.PeerCli.Commands;

/// <summary><c>dev echo</c>: does the entry of the protocol with whoever comes, and sends each message back.</summary>
internal static class EchoCommand
{
    private const string Scheme = "tcp://";

    /// <summary>Makes the command.</summary>
    public static Command Create(Globals globals)
    {
        var listen = Globals.Text("--listen", "HOST:PORT", "Answer whoever dials here, until Ctrl-C; port 0 picks a free one");
        var connect = Globals.Text("--connect", "HOST:PORT", "Dial this peer and answer until it ends the session");
        var key = Globals.Text("--static-hex", "KEY", "The Noise static private key, 64 hex digits; a fresh one if not given. For tests: others can see it");
        var allow = Globals.Text("--allow", "DEVICE-KEY", "The only device to talk to, 64 hex digits; any if not given");
        var command = new Command("echo", "Do the handshake with independent peers and send their messages back") { listen, connect, key, allow };
        command.SetAction(async (parse, cancellationToken) =>
        {
            var (near, far) = (parse.GetValue(listen), parse.GetValue(connect));
            if (near is null == far is null)
            {
                throw new UsageException("Give one of --listen HOST:PORT and --connect HOST:PORT.");
            }

            var address = AddressOf(near ?? far!, near is null ? "--connect" : "--listen");
            DeviceKey? allowed = parse.GetValue(allow) is { } text ? DeviceKey.FromBytes(DeveloperKeys.Read(text, "--allow")) : null;
            using var noiseStatic = StaticOf(parse.GetValue(key));
            using var device = DeveloperKeys.Device(globals, parse);
            var output = new EchoOutput(globals.Terminal, globals.IsJson(parse));
            var echo = new EchoPeer(device, noiseStatic, allowed, TimeProvider.System, output);
            try
            {
                await RunAsync(echo, address, near is not null, device.PublicKey, output, cancellationToken);
            }
            catch (TransportException fault)
            {
                throw new ReplicaException(fault.Code, fault.Message, fault);
            }
            catch (HandshakeException fault)
            {
                throw new ReplicaException(fault.Code, fault.Message, fault);
            }
        });
        return command;
    }

    private static async Task RunAsync(
        EchoPeer echo, PeerAddress address, bool listens, DeviceKey own, EchoOutput output, CancellationToken cancellationToken)
    {
        var transport = new TcpTransport(TimeProvider.System);
        if (listens)
        {
            var listener = await transport.ListenAsync(address, cancellationToken);
            output.Listening(listener.Address.ToString()[Scheme.Length..], own);
            await echo.ServeAsync(listener, cancellationToken);
            return;
        }

        try
        {
            await echo.DialAsync(transport, address, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C ends it well.
        }
    }

    private static PeerAddress AddressOf(string text, string option) =>
        PeerAddress.TryParse(text.Contains("://", StringComparison.Ordinal) ? text : Scheme + text, out var address, out var error)
            ? address
            : throw new UsageException($"{option} '{text}': {error}");

    private static NoiseStaticKey StaticOf(string? text)
    {
        if (text is null)
        {
            return NoiseStaticKey.Create();
        }

        var secret = DeveloperKeys.Read(text, "--static-hex");
        try
        {
            return NoiseStaticKey.FromSecret(secret);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }
}
