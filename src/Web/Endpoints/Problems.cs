using System.Buffers;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Replica.Crdt.Encoding;
using Replica.Crdt.Values;
using Replica.Peer.Host;
using Replica.Peer.Membership;
using Replica.Peer.Store;

namespace Replica.Web.Endpoints;

/// <summary>Turns faults into <c>application/problem+json</c> with the stable code that the CLI, logs and exceptions carry too.</summary>
internal static class Problems
{
    public const string BadInput = "REPLICA_BAD_INPUT";
    public const string UnknownParameter = "REPLICA_UNKNOWN_PARAMETER";
    public const string NotFound = "REPLICA_NOT_FOUND";
    public const string InputOutput = "REPLICA_IO";
    public const string Internal = "REPLICA_INTERNAL";
    public const string Unauthorized = "REPLICA_UNAUTHORIZED";
    public const string ForbiddenOrigin = "REPLICA_FORBIDDEN_ORIGIN";
    public const string ForbiddenHost = "REPLICA_FORBIDDEN_HOST";
    public const string SocketOnly = "REPLICA_SOCKET_ONLY";
    public const string NotJson = "REPLICA_NOT_JSON";
    public const string WrongMethod = "REPLICA_WRONG_METHOD";

    /// <summary>The status of codes for which 400 would mislead.</summary>
    private static readonly FrozenDictionary<string, int> s_status = new Dictionary<string, int>
    {
        [Unauthorized] = StatusCodes.Status401Unauthorized,
        [ForbiddenOrigin] = StatusCodes.Status403Forbidden,
        [ForbiddenHost] = StatusCodes.Status403Forbidden,
        [SocketOnly] = StatusCodes.Status403Forbidden,
        [NotFound] = StatusCodes.Status404NotFound,
        [WrongMethod] = StatusCodes.Status405MethodNotAllowed,
        ["REPLICA_POSITION_UNKNOWN"] = StatusCodes.Status409Conflict,
        [NotJson] = StatusCodes.Status415UnsupportedMediaType,
        ["REPLICA_NO_SPACE"] = StatusCodes.Status404NotFound,
        ["REPLICA_SPACE_EXISTS"] = StatusCodes.Status409Conflict,
        ["REPLICA_NOT_ADMITTED"] = StatusCodes.Status409Conflict,
        ["REPLICA_NOT_ADMIN"] = StatusCodes.Status409Conflict,
        ["REPLICA_TOO_MANY_LOGS"] = StatusCodes.Status409Conflict,
        ["REPLICA_LAST_ADMIN"] = StatusCodes.Status409Conflict,
        ["REPLICA_TOO_MANY"] = StatusCodes.Status409Conflict,
        ["REPLICA_AMBIGUOUS"] = StatusCodes.Status409Conflict,
        ["REPLICA_CYCLE"] = StatusCodes.Status409Conflict,
        ["REPLICA_POSITION_TOO_LONG"] = StatusCodes.Status409Conflict,
        ["REPLICA_LOCKED"] = StatusCodes.Status409Conflict,
        ["REPLICA_BUSY"] = StatusCodes.Status409Conflict,
        ["REPLICA_FILE_EXISTS"] = StatusCodes.Status409Conflict,
        ["REPLICA_CLOCK_WRONG"] = StatusCodes.Status409Conflict,
        ["REPLICA_CLOCK_AHEAD"] = StatusCodes.Status409Conflict,
        ["REPLICA_CLOCK_EXHAUSTED"] = StatusCodes.Status409Conflict,
        ["REPLICA_DISK_FULL"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_READ_ONLY"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_CORRUPT"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_OUTCOME_UNKNOWN"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_SNAPSHOT_EXPIRED"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_STORE_LOST"] = StatusCodes.Status503ServiceUnavailable,
        ["REPLICA_CLOSED"] = StatusCodes.Status503ServiceUnavailable,
        [InputOutput] = StatusCodes.Status503ServiceUnavailable,
        [Internal] = StatusCodes.Status500InternalServerError,
    }.ToFrozenDictionary();

    /// <summary>The status of a code.</summary>
    public static int StatusOf(string code) => s_status.GetValueOrDefault(code, StatusCodes.Status400BadRequest);

    /// <summary>Runs the rest of the pipeline and answers for what it throws.</summary>
    public static async Task CatchAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.StatusCode is StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed)
            {
                await WriteNoSuchAsync(context);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone; nobody reads an answer.
        }
        catch (Exception fault)
        {
            var (code, text) = Explain(fault);
            if (!context.Response.HasStarted && context.Response.BodyWriter.UnflushedBytes == 0)
            {
                await WriteAsync(context, code, text);
                return;
            }

            // Half an answer must not look like a whole one: its last line says so. A document is then none any more.
            context.Response.BodyWriter.Write(context.Response.ContentType == LineStream.ContentType ? default : "\n"u8);
            WriteLine(context.Response.BodyWriter, new ReplicaException(code, text));
            _ = await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
    }

    private static (string Code, string Text) Explain(Exception fault) => fault switch
    {
        ReplicaException known => (known.Code, known.Message),
        StoreException store => (store.Code, store.Message),
        MembershipException secret => (secret.Code, secret.Message),
        EncodingException bad => (BadInput, bad.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            (BadInput, $"The body is longer than {Json.MutationJson.BodyBytesMax} bytes: send smaller transactions."),
        BadHttpRequestException bad => (BadInput, bad.Message),
        IOException world => (InputOutput, world.Message),
        _ => (Internal, $"{fault.GetType().Name}: {fault.Message}"),
    };

    /// <summary>Ends an answer of lines with the problem that ended the work.</summary>
    public static void WriteLine(IBufferWriter<byte> output, ReplicaException fault)
    {
        var json = new CanonicalJson(output);
        json.Raw("{\"problem\":{\"code\":"u8);
        json.Text(fault.Code);
        json.Raw(",\"detail\":"u8);
        json.Text(fault.Message);
        json.Raw("}}\n"u8);
    }

    /// <summary>Answers to a path that leads nowhere, or not by this method.</summary>
    private static Task WriteNoSuchAsync(HttpContext context)
    {
        var (method, path) = (context.Request.Method, context.Request.Path);
        return context.Response.Headers.Allow is { Count: > 0 } allowed
            ? WriteAsync(context, WrongMethod, $"{path} is not for {method}, but for {allowed}.", allowed)
            : WriteAsync(context, NotFound, $"There is no {method} {path}.");
    }

    private static async Task WriteAsync(HttpContext context, string code, string text, StringValues allowed = default)
    {
        var body = new ArrayBufferWriter<byte>();
        Write(new CanonicalJson(body), code, StatusOf(code), text);
        context.Response.Clear();
        context.Response.StatusCode = StatusOf(code);
        context.Response.Headers.Allow = allowed;
        context.Response.Headers.WWWAuthenticate = code == Unauthorized ? "Bearer" : default(StringValues);
        context.Response.ContentType = "application/problem+json";
        context.Response.ContentLength = body.WrittenCount;
        _ = await context.Response.BodyWriter.WriteAsync(body.WrittenMemory, context.RequestAborted);
    }

    private static void Write(CanonicalJson json, string code, int status, string text)
    {
        json.Raw("{\"title\":"u8);
        json.Text(Title(status));
        json.Raw(",\"status\":"u8);
        json.Number(status);
        json.Raw(",\"code\":"u8);
        json.Text(code);
        json.Raw(",\"detail\":"u8);
        json.Text(text);
        json.Raw("}"u8);
    }

    /// <summary>What a status says of the request.</summary>
    public static string Title(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "Who asks?",
        StatusCodes.Status403Forbidden => "Not from there",
        StatusCodes.Status404NotFound => "Not found",
        StatusCodes.Status405MethodNotAllowed => "Not by this method",
        StatusCodes.Status415UnsupportedMediaType => "Not of this type",
        StatusCodes.Status409Conflict => "Not possible in this state",
        StatusCodes.Status500InternalServerError => "Internal fault",
        StatusCodes.Status503ServiceUnavailable => "The store failed",
        _ => "Bad input",
    };
}
